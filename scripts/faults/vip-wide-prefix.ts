import { hostCidr, isHostOf } from '../model/addresses.ts';
import { nicOn, theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { heldVipKey, heldVips } from './held-vips.ts';
import { sh } from './sh.ts';
import { added, allOf, gone } from './sign.ts';
import { failsUntilNoticed } from './symptom.ts';
import { isLocal } from './witness.ts';

export const vipWidePrefix: Fault = {
  id: 'vip-wide-prefix',
  family: 'vip',
  title: 'a real server has the VIP on lo with the prefix of the whole network',
  cause:
    'The kernel takes the whole network of an address on lo for its own addresses. So it answers neither the client nor the director.',
  sign: allOf(added('address', heldVipKey({ wide: true })), gone('address', heldVipKey())),
  places: (plan) => {
    const client = nicOn(theNode(plan, 'client'), 'front');
    return heldVips(plan)
      .filter(({ vip, device }) => {
        return device === 'lo' && plan.family === 4 && isHostOf(client.address, `${vip}/${client.prefix}`);
      })
      .map(({ server: { node }, vip, services, name }) => ({
        name,
        nodes: [node],
        make: [
          {
            on: node,
            run: sh`ip address flush dev lo to ${hostCidr(vip)} && ip address add ${`${vip}/${client.prefix}`} dev lo`,
          },
        ],
        witness: isLocal(node, client.address, true),
        symptom: failsUntilNoticed(plan, [node], services),
        check: { id: 'vip', hint: [node, `ip address del ${vip}/${client.prefix} dev lo`] },
        also: ['reachable'],
      }));
  },
};
