import type { Check } from '../../checks/check.ts';
import { countOf } from '../../count-of.ts';
import { nicOn, nodesOf, type Plan } from '../../plan/plan.ts';
import { silentHint } from './hints.ts';
import type { FailoverSeen } from './seen.ts';

/** Judges whether each director that took the VIP announced it by gratuitous ARP, and whether the client noticed. */
export function judgeAnnouncements(plan: Plan, seen: FailoverSeen): Check {
  const { powerCut, linkDown, keepalivedStopped, withoutSync, withHash } = seen;
  const moves = [...powerCut, ...linkDown, ...keepalivedStopped, withoutSync, ...(withHash ? [withHash] : [])];
  const directors = nodesOf(plan, 'director').map((node) => ({ name: node.name, mac: nicOn(node, 'front').mac }));
  const macOf = (name: string) => directors.find((one) => one.name === name)?.mac;
  const silent = moves.filter(({ to, announced }) => !announced.some((mac) => mac === macOf(to)));
  const unnoticed = moves.filter(({ to, neighbour }) => neighbour !== macOf(to));
  const ok = silent.length === 0 && unnoticed.length === 0;
  const packets = moves.flatMap(({ announced }) => announced);
  const times = directors.map(
    ({ name, mac }) => `${name} ${countOf(packets.filter((one) => one === mac).length, 'time')}`,
  );
  const wrongs = [
    ...silent.map(({ to }) => `${to} did not announce the VIP`),
    ...unnoticed.map(({ to, neighbour }) => `VIP on ${to}: the client has ${neighbour ?? 'no entry'} for it`),
  ];
  return {
    id: 'gratuitous-arp',
    title: 'a director that takes the VIP announces it, and the client follows',
    ok,
    expected: `gratuitous ARP and a new neighbour entry at each of ${countOf(moves.length, 'move')}`,
    observed: ok ? `announced by ${times.join(' and ')}` : [...new Set(wrongs)].join('; '),
    ...(!ok && { hint: silentHint(plan) }),
  };
}
