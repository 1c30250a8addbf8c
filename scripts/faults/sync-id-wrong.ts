import { nicOn, nodesOf } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { startSync } from './start-sync.ts';
import { syncChanged } from './sync-changed.ts';

export const syncIdWrong: Fault = {
  id: 'sync-id-wrong',
  family: 'ha',
  title: 'the sync daemons of a director have another ID than those of the other director',
  cause:
    'A sync daemon ignores messages with another ID. When the VIP moves, the new director does not know the open connections, so they end.',
  sign: syncChanged('syncid'),
  places: (plan) => {
    if (!plan.backup) return [];
    // From 1 to 255.
    const other = (plan.backup.sync.syncid % 255) + 1;
    return nodesOf(plan, 'director').map((director) => {
      const { name: node } = director;
      const { address } = nicOn(director, 'front');
      return {
        name: node,
        nodes: [node],
        make: (['master', 'backup'] as const).map((state) => startSync(node, address, state, '"$nic"', other)),
        witness: { on: node, run: `ipvsadm -l --daemon | grep -q 'syncid=${other}'` },
        symptom: { kind: 'none' },
      };
    });
  },
};
