import { hostCidr } from '../model/addresses.ts';
import { nicOn, theNode } from '../plan/plan.ts';
import { addedVips } from './added-vips.ts';
import { effective } from './effective.ts';
import type { Fault, Place } from './fault.ts';
import { onNic, sh } from './sh.ts';
import { added, allOf, gone } from './sign.ts';
import { fails } from './symptom.ts';
import { vipKey } from './vip-key.ts';

export const directorVipOnLo: Fault = {
  id: 'director-vip-on-lo',
  family: 'vip',
  title: 'the director has the VIP on lo and not on its NIC',
  cause:
    'With IPv4 that is harmless: the kernel answers ARP on a NIC for every address that it has. With IPv6 it answers only for addresses of that NIC, so nobody finds the VIP.',
  sign: (change) =>
    change.plan.family === 4 && effective(change.after, 'arp_ignore', 'front') > 0
      ? []
      : allOf(gone('address', vipKey()), added('address', vipKey('lo')))(change),
  places: (plan) => {
    const director = theNode(plan, 'director');
    const { address } = nicOn(director, 'front');
    const all = plan.realServers.map(({ node }) => node);
    return addedVips(plan).map(({ vip, services, name }): Place => {
      const move = sh`ip address flush dev "$nic" to ${hostCidr(vip)} && ip address replace ${hostCidr(vip)} dev lo`;
      return {
        name,
        nodes: [director.name],
        make: [onNic(director.name, address, move)],
        mend: [{ on: director.name, run: sh`ip address flush dev lo to ${hostCidr(vip)}` }],
        witness: {
          on: director.name,
          run: sh`ip route show table local ${vip} | grep -q 'dev lo'`,
        },
        ...(plan.family === 6
          ? { symptom: fails(plan, all, services) }
          : { symptom: { kind: 'none' }, harmless: true }),
      };
    });
  },
};
