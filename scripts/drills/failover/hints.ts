import type { Hint } from '../../checks/hint.ts';
import { nodesOf, type Plan } from '../../plan/plan.ts';
import type { FailoverSeen, Move } from './seen.ts';

/** Of a move there and back of which something is wrong. */
export function hintOf(plan: Plan, seen: FailoverSeen, late: Move | undefined, lost: Move | undefined): Hint {
  if (late) return lateHint(late);
  if (lost) return lostHint(seen, lost);
  return {
    cause: 'the backup takes over once three advertisements are missing (advert_interval), or this computer was busy',
    commands: [{ lab: `verify ${plan.lab}` }],
    see: [],
  };
}

export function lateHint({ to }: Move): Hint {
  return {
    cause: `keepalived did not bring the VIP to ${to} in time`,
    commands: [{ on: to, run: 'journalctl -u keepalived -n 9' }],
    see: [],
  };
}

function lostHint({ known, wanted }: FailoverSeen, { to }: Move): Hint {
  const before = known < wanted ? `: before the first move the backup knew ${known} of ${wanted}` : '';
  return {
    cause: `a connection ends when ${to} does not know it${before}`,
    commands: [{ on: to, run: 'ipvsadm -Lnc' }],
    see: ['sync-daemons'],
  };
}

/** Connections live on although nobody told the backup of them. */
export function knownHint(plan: Plan): Hint {
  const [, backup] = nodesOf(plan, 'director');
  return {
    cause: 'without sync daemons only sloppy_tcp lets connections live on',
    commands: ['ipvsadm -l --daemon', 'sysctl net.ipv4.vs.sloppy_tcp'].flatMap((run) =>
      backup ? [{ on: backup.name, run }] : [],
    ),
    see: [],
  };
}

export const hashHint: Hint = {
  cause: 'mh chooses alike where both directors have the same real servers and weights, and the flag mh-port',
  commands: [],
  see: ['table', 'backup-table'],
};
