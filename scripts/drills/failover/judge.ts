import type { Check } from '../../checks/check.ts';
import { nicOn, nodesOf, type Plan, theNode } from '../../plan/plan.ts';
import { slackOf } from '../shared/load-requests.ts';
import { hashHint, hintOf, knownHint, lateHint } from './hints.ts';
import { type FailoverSeen, type Move, secondsWithout } from './seen.ts';

/** Seconds within which the service must go on: three advertisements and the skew, ARP, and the slack of the machines. */
export function failoverBound({ backup }: Plan, slack: number): number {
  return Math.ceil((backup?.advertInterval ?? 0) * 4) + slack;
}

/** What became of open connections and of the service when the VIP moved: judged without I/O. */
export function judgeFailover(plan: Plan, seen: FailoverSeen): Check[] {
  const { wanted } = seen;
  const bound = failoverBound(plan, slackOf(seen.requests, seen.dies[0].from));
  const of = (held: number) => `${held} of ${wanted}`;
  const gap = (move: Move) => secondsWithout(seen.requests, move);

  const thereAndBack = (id: string, title: string, [there, back]: [Move, Move]): Check => {
    const late = [there, back].find(({ moved }) => !moved);
    const lost = [there, back].find(({ held }) => held < wanted);
    const slow = [there, back].find((move) => gap(move) > bound);
    const told = (move: Move) => (move.moved ? `VIP on ${move.to}` : `no VIP on ${move.to}`);
    return {
      id,
      title,
      ok: !late && !lost && !slow,
      expected: `there and back: ${of(wanted)} connections live on, ${bound} s without service at most`,
      observed: `${told(there)}, ${of(there.held)} connections live on, ${gap(there).toFixed(1)} s without service; back: ${late === back ? `${told(back)}, ` : ''}${of(back.held)}, ${gap(back).toFixed(1)} s`,
      ...((late || lost || slow) && { hint: hintOf(plan, seen, late, lost) }),
    };
  };
  const { unsynced, sloppy } = seen;
  const least = Math.min(...[...seen.dies, ...seen.cutOff, ...seen.leaves].map(({ held }) => held));
  const unsyncedOk = unsynced.moved && unsynced.held < least;
  const sloppyOk = sloppy.moved && sloppy.held === wanted;
  return [
    thereAndBack('failover-dies', 'the director’s machine is killed, and started again', seen.dies),
    thereAndBack('failover-cut-off', 'its link goes down, and up again', seen.cutOff),
    thereAndBack('failover-leaves', 'its keepalived is stopped, and started again', seen.leaves),
    {
      id: 'without-sync',
      title: 'without sync daemons open connections die with the move',
      ok: unsyncedOk,
      expected: `fewer than ${of(least)} live on`,
      observed: `${of(unsynced.held)} live on, ${gap(unsynced).toFixed(1)} s without service`,
      ...(!unsyncedOk && {
        hint: unsynced.moved ? knownHint(plan) : lateHint(unsynced),
      }),
    },
    {
      id: 'sloppy-mh',
      title: 'with sloppy_tcp and mh they live on without any',
      ok: sloppyOk,
      expected: `${of(wanted)} live on`,
      observed: `${of(sloppy.held)} live on, ${gap(sloppy).toFixed(1)} s without service`,
      ...(!sloppyOk && {
        hint: sloppy.moved ? hashHint : lateHint(sloppy),
      }),
    },
    announcedVip(plan, seen),
  ];
}

/** Whoever takes the VIP says so, and the client believes it. */
function announcedVip(plan: Plan, { dies, cutOff, leaves, unsynced, sloppy }: FailoverSeen): Check {
  const moves = [...dies, ...cutOff, ...leaves, unsynced, sloppy];
  const directors = nodesOf(plan, 'director').map((node) => ({ name: node.name, mac: nicOn(node, 'front').mac }));
  const macOf = (name: string) => directors.find((one) => one.name === name)?.mac;
  const silent = moves.filter(({ to, announced }) => !announced.includes(macOf(to) ?? ''));
  const stuck = moves.filter(({ to, neighbour }) => neighbour !== macOf(to));
  const ok = silent.length === 0 && stuck.length === 0;
  const times = directors.map(({ name, mac }) => {
    return `${name} ${moves.flatMap(({ announced }) => announced).filter((one) => one === mac).length} times`;
  });
  const wrong = [
    ...silent.map(({ to }) => `${to} took it in silence`),
    ...stuck.map(({ to, neighbour }) => `the client has ${neighbour ?? 'no entry'} when it is on ${to}`),
  ];
  return {
    id: 'gratuitous-arp',
    title: 'who takes the VIP announces it, and the client follows',
    ok,
    expected: `gratuitous ARP and a new neighbour entry at each of ${moves.length} moves`,
    observed: ok ? `announced by ${times.join(' and ')}` : [...new Set(wrong)].join('; '),
    ...(!ok && {
      hint: {
        cause: 'a client that hears no announcement sends to the old MAC until its entry is stale',
        commands: [{ on: theNode(plan, 'client').name, run: 'tcpdump -n -e arp' }],
        see: [],
      },
    }),
  };
}
