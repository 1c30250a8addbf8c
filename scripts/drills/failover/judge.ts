import type { Check } from '../../checks/check.ts';
import type { Backup } from '../../model/lab.ts';
import { backupOf, type Plan } from '../../plan/plan.ts';
import { slackOf } from '../shared/load-requests.ts';
import { hashHint, knownHint, lateHint, lostHint, slowHint } from './hints.ts';
import { judgeAnnouncements } from './judge-announcements.ts';
import { type FailoverSeen, type Move, secondsWithout } from './seen.ts';

/** Judges what became of the open connections and of the service when the VIP moved. */
export function judgeFailover(plan: Plan, seen: FailoverSeen): Check[] {
  const { powerCut, linkDown, keepalivedStopped } = seen;
  return [
    survives(plan, seen, powerCut, { id: 'failover-dies', title: 'connections survive a power cut of the director' }),
    survives(plan, seen, linkDown, {
      id: 'failover-cut-off',
      title: 'connections survive a broken link of the director',
    }),
    survives(plan, seen, keepalivedStopped, {
      id: 'failover-leaves',
      title: 'connections survive a stop of keepalived on the director',
    }),
    endWithoutSync(plan, seen),
    ...(seen.withHash ? [surviveByHash(seen, seen.withHash)] : []),
    judgeAnnouncements(plan, seen),
  ];
}

/** Seconds in which the service must go on: three advertisements and the skew time (RFC 5798), and the slack of the machines. */
function failoverBound({ advertInterval }: Backup, slack: number): number {
  return Math.ceil(advertInterval * 4) + slack;
}

/** A move to the backup and back. */
function survives(
  plan: Plan,
  seen: FailoverSeen,
  moves: [there: Move, back: Move],
  check: Pick<Check, 'id' | 'title'>,
): Check {
  const [there, back] = moves;
  const bound = failoverBound(backupOf(plan), slackOf(seen.requests, seen.powerCut[0].from));
  const late = moves.find(({ moved }) => !moved);
  const lost = moves.find(({ answering }) => answering < seen.opened);
  const slow = moves.find((move) => secondsWithout(seen.requests, move) > bound);
  const hint = late ? lateHint(late) : lost ? lostHint(seen, lost) : slow ? slowHint(plan) : undefined;
  return {
    ...check,
    ok: hint === undefined,
    expected: `there and back: ${seen.opened} of ${seen.opened} connections answer, at most ${bound} s without service`,
    observed: `${place(there)}: ${outcome(seen, there)}; ${place(back)}: ${outcome(seen, back)}`,
    ...(hint && { hint }),
  };
}

function endWithoutSync(plan: Plan, seen: FailoverSeen): Check {
  const { withoutSync: move, powerCut, linkDown, keepalivedStopped } = seen;
  const fewest = Math.min(...[...powerCut, ...linkDown, ...keepalivedStopped].map(({ answering }) => answering));
  const ok = move.moved && move.answering < fewest;
  return {
    id: 'without-sync',
    title: 'without sync daemons connections end when the VIP moves',
    ok,
    expected: `fewer than ${fewest} of ${seen.opened} connections answer`,
    observed: `${place(move)}: ${outcome(seen, move)}`,
    ...(!ok && { hint: move.moved ? knownHint(plan) : lateHint(move) }),
  };
}

function surviveByHash(seen: FailoverSeen, move: Move): Check {
  const { opened } = seen;
  const ok = move.moved && move.answering === opened;
  return {
    id: 'sloppy-mh',
    title: 'with sloppy_tcp and mh connections survive without sync daemons',
    ok,
    expected: `${opened} of ${opened} connections answer`,
    observed: `${place(move)}: ${outcome(seen, move)}`,
    ...(!ok && { hint: move.moved ? hashHint : lateHint(move) }),
  };
}

function place({ to, moved }: Move): string {
  return moved ? `VIP on ${to}` : `no VIP on ${to}`;
}

function outcome({ opened, requests }: FailoverSeen, move: Move): string {
  return `${move.answering} of ${opened} answer, ${secondsWithout(requests, move).toFixed(1)} s without service`;
}
