import { hostCidr } from '../model/addresses.ts';
import { vipsOf } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { heldVips } from './held-vips.ts';
import { macsOf, serversOn } from './servers.ts';
import { findNic, sh } from './sh.ts';
import { added, escaped, type NodeChange } from './sign.ts';
import { answersFor } from './witness.ts';

export const vipOnNic: Fault = {
  id: 'vip-on-nic',
  family: 'vip',
  title: 'a real server has the VIP on its NIC',
  cause:
    'The kernel answers ARP for an address of the NIC that got the request, even with arp_ignore 1. The same is true of neighbour solicitations.',
  sign: added('address', onNic),
  places: (plan) => {
    const near = serversOn(plan, 'front');
    return heldVips(plan)
      .filter(({ server }) => near.includes(server))
      .map(({ server, server: { node, address }, vip, name }) => ({
        name,
        nodes: [node],
        make: [
          {
            on: node,
            run: `${findNic(address)} && ${sh`ip address replace ${hostCidr(vip)}`} dev "$nic"${plan.family === 6 ? ' nodad' : ''}`,
          },
        ],
        witness: answersFor(plan, vip, macsOf(plan, [server])),
        symptom: { kind: 'varies' },
        check: { id: 'arp-quiet', hint: [node, 'ip address del'] },
        also: ['arp-owner'],
      }));
  },
};

/** A VIP on any NIC. */
function onNic({ plan }: NodeChange): RegExp {
  return new RegExp(`^(front|back|remote) (${vipsOf(plan).map(escaped).join('|')})/`);
}
