import { hostCidr } from '../model/addresses.ts';
import { vipsOf } from '../plan/plan.ts';
import { effective, nicsOf } from './effective.ts';
import type { Fault } from './fault.ts';
import { heldVips } from './held-vips.ts';
import { atOnce, sh } from './sh.ts';
import { added, gone, type Sign } from './sign.ts';
import { vipKey } from './vip-key.ts';

/** Up, with the prefix of a host, and kept quiet by arp_ignore. */
const quietOnDummy: Sign = (change) => {
  const { plan, node, after } = change;
  if (plan.family === 4 && nicsOf(plan, node).some((nic) => effective(after, 'arp_ignore', nic) === 0)) return [];
  const vips = vipsOf(plan).map(hostCidr);
  const moved = added(
    'address',
    vipKey('(?!lo |front |back |remote )\\S+'),
  )(change).filter(({ key }) => {
    const [device = '', cidr = ''] = key.split(' ');
    return vips.includes(cidr) && after.of('link', device) === 'dummy' && after.of('link', `${device} up`) === 'yes';
  });
  const left = gone(
    'address',
    vipKey('lo'),
  )(change).filter((one) => moved.some(({ key }) => key.split(' ')[1] === one.key.split(' ')[1]));
  return left.length > 0 ? [...left, ...moved] : [];
};

export const vipOnDummy: Fault = {
  id: 'vip-on-dummy',
  family: 'vip',
  title: 'a real server has the VIP on a dummy device, which is harmless',
  cause:
    'The kernel accepts packets for an address on a dummy device, as for one on lo. With arp_ignore it does not answer ARP for either.',
  sign: quietOnDummy,
  places: (plan) =>
    heldVips(plan)
      .filter(({ device }) => device === 'lo')
      .map(({ server: { node }, vip, name }) => {
        const make = sh`{ ip link show vip0 > /dev/null 2>&1 || ip link add vip0 type dummy; } && ip link set vip0 up && ip address replace ${hostCidr(vip)} dev vip0`;
        return {
          name,
          nodes: [node],
          make: [
            { on: node, run: `${make}${atOnce(plan.family)} && ${sh`ip address flush dev lo to ${hostCidr(vip)}`}` },
          ],
          mend: [{ on: node, run: '{ ip link del vip0 2> /dev/null || :; }' }],
          witness: { on: node, run: sh`ip route show table local ${vip} | grep -q 'dev vip0'` },
          symptom: { kind: 'none' },
          harmless: true,
        };
      }),
};
