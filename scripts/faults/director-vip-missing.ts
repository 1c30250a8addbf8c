import { hostCidr } from '../model/addresses.ts';
import { theNode } from '../plan/plan.ts';
import { addedVips } from './added-vips.ts';
import type { Fault } from './fault.ts';
import { sh } from './sh.ts';
import { added, gone, without } from './sign.ts';
import { fails } from './symptom.ts';
import { vipKey } from './vip-key.ts';
import { isLocal } from './witness.ts';

export const directorVipMissing: Fault = {
  id: 'director-vip-missing',
  family: 'vip',
  title: 'the director lacks the VIP',
  cause: 'Nobody answers when the client asks for the MAC address of the VIP, so the client cannot send its requests.',
  sign: without(gone('address', vipKey()), added('address', vipKey())),
  places: (plan) => {
    const director = theNode(plan, 'director').name;
    const all = plan.realServers.map(({ node }) => node);
    return addedVips(plan).map(({ vip, name, services }) => ({
      name,
      nodes: [director],
      make: [
        {
          on: director,
          run: `${sh`device=$(ip -oneline address show to ${vip} | cut -d " " -f 2)`}; [ -z "$device" ] || ${sh`ip address del ${hostCidr(vip)} dev "$device"`}`,
        },
      ],
      witness: isLocal(director, vip, false),
      symptom: fails(plan, all, services),
    }));
  },
};
