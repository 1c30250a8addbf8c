import { nicOn, nodesOf, theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { findNic } from './sh.ts';

export const vrrpDaemonDead: Fault = {
  id: 'vrrp-daemon-dead',
  title: 'keepalived was killed on one of two directors',
  cause: 'A backup without keepalived takes over nothing; a director without it keeps the VIP beside the backup.',
  places: (plan) => {
    if (!plan.backup) return [];
    const active = theNode(plan, 'director').name;
    return nodesOf(plan, 'director').map((director) => {
      const node = director.name;
      const kill = 'systemctl kill --signal=KILL keepalived';
      // Until the backup announces itself: without keepalived nobody here listens to VRRP's group but on this NIC.
      const announced = 'timeout 60 tcpdump -n --immediate-mode -c 1 -i "$nic" ip proto 112';
      return {
        name: node,
        make: [
          {
            on: node,
            run: node === active ? `${kill} && ${findNic(nicOn(director, 'front').address)} && ${announced}` : kill,
          },
        ],
        symptom: { kind: node === active ? 'varies' : 'none' },
        check: { id: 'vrrp', hint: [`keepalived does not run on ${node}`] },
      };
    });
  },
};
