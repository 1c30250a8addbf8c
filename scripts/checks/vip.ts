import { hostCidr } from '../model/addresses.ts';
import { serversBy, vipsOf } from '../plan/plan.ts';
import { eachRealServer } from './check.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import { addresses, holderOf } from './looks/addresses.ts';
import { placeOf, placeOn, vipsOn } from './place.ts';

/** DR and TUN: the VIP is on lo or the tunnel's device, so that the kernel takes packets for it. */
const judge: Judge = (plan, seen) => {
  const servers = serversBy(plan, 'dr', 'tun');
  const places = [...new Set(servers.map(placeOf))];
  const vips = vipsOf(plan);
  return eachRealServer(
    servers,
    {
      title: `every real server has ${vips.length > 1 ? 'its VIPs' : 'the VIP'} on ${places.join(' or ')}`,
      expected: `${vips.length > 1 ? 'those of its services' : vips[0]} on ${places.join(' or ')}, up`,
      hint: (nodes) => {
        const cures = nodes.map((node) => {
          const place = placeOn(servers, node);
          const add = vipsOn(plan, node).map((vip) => `ip address replace ${hostCidr(vip)} dev ${place}`);
          return [...add, ...(place === 'lo' ? [] : [`ip link set ${place} up`])].join('; ');
        });
        const dropped = [...new Set(cures)].map((cure) => {
          return `${nodes.filter((_, at) => cures[at] === cure).join(', ')} drops what the director sends: ${cure}`;
        });
        return [...dropped, `or lab up ${plan.lab}`].join('; ');
      },
    },
    (node) => {
      const interfaces = seen.of(addresses, node);
      const wrong = vipsOn(plan, node).flatMap((vip) => {
        const holder = interfaces.find(({ name }) => name === placeOn(servers, node));
        const cidr = holder?.addresses.find((one) => one.split('/')[0] === vip);
        if (cidr === hostCidr(vip) && holder?.up) return [];
        const elsewhere = holderOf(interfaces, vip);
        const what = cidr
          ? `on ${holder?.name}${holder?.up ? ` with /${cidr.split('/')[1]}, a whole network` : ', which is down'}`
          : elsewhere
            ? `on ${elsewhere.name}`
            : 'missing';
        return `the VIP${vips.length > 1 ? ` ${vip}` : ''} is ${what}`;
      });
      return { ok: wrong.length === 0, observed: wrong.join(', ') };
    },
  );
};

export const vip: CheckKind = {
  id: 'vip',
  about: 'DR and TUN: each real server has the VIPs of its services on lo, or on the tunnel’s device',
  faults: [],
  looks: [addresses],
  judge,
};
