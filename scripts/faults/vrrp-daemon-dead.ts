import { nicOn, nodesOf, theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { findNic } from './sh.ts';
import { gone } from './sign.ts';
import { noProcess } from './witness.ts';

export const vrrpDaemonDead: Fault = {
  id: 'vrrp-daemon-dead',
  family: 'ha',
  title: 'keepalived was killed on one of two directors',
  cause:
    'A backup without keepalived never takes over. A director without keepalived keeps the VIP while the backup takes it too.',
  sign: gone('process', /^keepalived/),
  places: (plan) => {
    if (!plan.backup) return [];
    const active = theNode(plan, 'director').name;
    return nodesOf(plan, 'director').map((director) => {
      const node = director.name;
      const kill = 'systemctl kill --signal=KILL keepalived';
      // Waits for a VRRP advertisement. keepalived is dead on this node, so the advertisement is the backup's.
      const announced = 'timeout 60 tcpdump -n --immediate-mode -c 1 -i "$nic" ip proto 112';
      return {
        name: node,
        nodes: [node],
        make: [
          {
            on: node,
            run: node === active ? `${kill} && ${findNic(nicOn(director, 'front').address)} && ${announced}` : kill,
          },
        ],
        witness: noProcess(node, 'keepalived'),
        symptom: { kind: node === active ? 'varies' : 'none' },
        check: { id: 'vrrp', hint: [`keepalived does not run on ${node}`] },
      };
    });
  },
};
