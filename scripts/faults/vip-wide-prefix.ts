import { hostCidr, isHostOf, overlap } from '../model/addresses.ts';
import { nicOn, theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { heldVipKey, heldVips } from './held-vips.ts';
import { clientAddress } from './servers.ts';
import { sh } from './sh.ts';
import { added, gone } from './sign.ts';
import { failsUntilNoticed } from './symptom.ts';
import { isLocal } from './witness.ts';

export const vipWidePrefix: Fault = {
  id: 'vip-wide-prefix',
  family: 'vip',
  title: 'a real server has the VIP on lo with the prefix of the whole network',
  cause:
    'The kernel takes the whole network of an address on lo for its own addresses. So it answers neither the client nor the director.',
  sign: (change) => {
    const others = [clientAddress(change.plan), nicOn(theNode(change.plan, 'director'), 'front').address];
    const wide = added(
      'address',
      heldVipKey({ wide: true }),
    )(change).filter(({ key }) => {
      const [device, cidr = ''] = key.split(' ');
      return device === 'lo' && others.every((address) => overlap(address, cidr));
    });
    const gave = gone('address', heldVipKey())(change);
    return wide.length > 0 && gave.length > 0 ? [...wide, ...gave] : [];
  },
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
