import { keepalivedLog } from '../../checks/checker-log.ts';
import type { Hint } from '../../checks/hint.ts';
import { nodesOf, type Plan, theNode } from '../../plan/plan.ts';
import { labArgument } from '../../render/lab-argument.ts';
import type { FailoverSeen, Move } from './seen.ts';

export function lateHint({ to }: Move): Hint {
  return {
    cause: `keepalived did not bring the VIP to ${to} in time`,
    commands: [{ on: to, run: keepalivedLog }],
    see: [],
  };
}

export function lostHint({ known, opened }: FailoverSeen, { to }: Move): Hint {
  const before = known < opened ? `: before the first move the backup knew ${known} of ${opened}` : '';
  return {
    cause: `a connection ends when ${to} does not know it${before}`,
    commands: [{ on: to, run: 'ipvsadm -Lnc' }],
    see: ['sync-daemons'],
  };
}

export function slowHint(plan: Plan): Hint {
  return {
    cause: 'the backup waits for three advertisements (advert_interval); on a busy computer it is late',
    commands: [{ lab: `verify ${labArgument(plan)}` }],
    see: [],
  };
}

/** Connections outlived the move although the sync daemons were stopped. */
export function knownHint(plan: Plan): Hint {
  const [, backup] = nodesOf(plan, 'director');
  const commands = ['ipvsadm -l --daemon', 'sysctl net.ipv4.vs.sloppy_tcp'];
  return {
    cause: 'without sync daemons connections survive only with sloppy_tcp',
    commands: commands.flatMap((run) => (backup ? [{ on: backup.name, run }] : [])),
    see: [],
  };
}

export const hashHint: Hint = {
  cause: 'mh chooses the same on both directors only with the same real servers and weights, and with the flag mh-port',
  commands: [],
  see: ['table', 'backup-table'],
};

export function silentHint(plan: Plan): Hint {
  return {
    cause: 'without an announcement the client sends to the old MAC until its neighbour entry is stale',
    commands: [{ on: theNode(plan, 'client').name, run: 'tcpdump -n -e arp' }],
    see: [],
  };
}
