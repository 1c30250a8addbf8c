import { hostCidr } from '../model/addresses.ts';
import type { Fault } from './fault.ts';
import { heldVipKey, heldVips } from './held-vips.ts';
import { sh } from './sh.ts';
import { added, gone, without } from './sign.ts';
import { fails } from './symptom.ts';
import { vipKey } from './vip-key.ts';
import { isLocal } from './witness.ts';

export const vipMissing: Fault = {
  id: 'vip-missing',
  family: 'vip',
  title: 'a real server lacks the VIP',
  cause: 'Requests arrive with the VIP as destination, and a kernel that does not have this address drops them.',
  sign: without(gone('address', heldVipKey()), added('address', vipKey())),
  places: (plan) =>
    heldVips(plan).map(({ server: { node }, vip, device, services, name }) => ({
      name,
      nodes: [node],
      make: [{ on: node, run: sh`ip address flush dev ${device} to ${hostCidr(vip)}` }],
      witness: isLocal(node, vip, false),
      symptom: fails(plan, [node], services),
      check: { id: 'vip', hint: [node, `ip address replace ${hostCidr(vip)} dev ${device}`] },
    })),
};
