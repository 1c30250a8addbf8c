import { nicOn, nodesOf } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { findNic } from './sh.ts';
import { startSync } from './start-sync.ts';
import { syncChanged } from './sync-changed.ts';

export const syncInterfaceWrong: Fault = {
  id: 'sync-interface-wrong',
  family: 'ha',
  title: 'the sync daemons of a director use lo instead of its NIC',
  cause:
    'Their messages never leave the director, and they receive none. When the VIP moves, the new director does not know the open connections, so they end.',
  sign: (change) => syncChanged('mcast')(change).filter(({ after = '' }) => /mcast=lo\b/.test(after)),
  places: (plan) => {
    if (!plan.backup) return [];
    // IP_VS_SYNC_GROUP in ip_vs_sync.c.
    const { syncid, group = '224.0.0.81' } = plan.backup.sync;
    return nodesOf(plan, 'director').map((director) => {
      const { name: node } = director;
      const { address } = nicOn(director, 'front');
      return {
        name: node,
        nodes: [node],
        make: (['master', 'backup'] as const).map((state) => startSync(node, address, state, 'lo', syncid)),
        witness: { on: node, run: `${findNic(address)}; ! ip maddress show dev "$nic" | grep -qwF ${group}` },
        symptom: { kind: 'none' },
      };
    });
  },
};
