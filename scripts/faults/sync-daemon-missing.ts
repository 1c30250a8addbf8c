import { nodesOf } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { sh } from './sh.ts';
import { gone } from './sign.ts';

export const syncDaemonMissing: Fault = {
  id: 'sync-daemon-missing',
  family: 'ha',
  title: 'a director lacks its master or its backup sync daemon',
  cause: 'When the VIP moves, the new director does not know the open connections, so they end.',
  sign: gone('ipvs', /^daemon /),
  places: (plan) => {
    if (!plan.backup) return [];
    return nodesOf(plan, 'director').flatMap(({ name: node }) =>
      ['master', 'backup'].map((state) => ({
        name: `${node} ${state}`,
        nodes: [node],
        make: [
          {
            on: node,
            run: sh`if ipvsadm -l --daemon | grep -q ${`^${state} sync`}; then ipvsadm --stop-daemon ${state}; fi`,
          },
        ],
        // The kernel's thread: ipvs-m:0:0 of a master, ipvs-b:0:0 of a backup (start_sync_thread in ip_vs_sync.c).
        witness: { on: node, run: sh`! grep -qs ${`^ipvs-${state.charAt(0)}:`} /proc/[0-9]*/comm` },
        symptom: { kind: 'none' },
        check: { id: 'sync-daemons', hint: [node, 'ipvsadm -l --daemon'] },
      })),
    );
  },
};
