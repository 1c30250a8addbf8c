import { hostCidr } from '../model/addresses.ts';
import { type Plan, serversBy, vipsOf } from '../plan/plan.ts';
import { placeOf, placeOn, vipsOn } from '../plan/vip-place.ts';
import { eachRealServer, named } from './check.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import { type Hint, up } from './hint.ts';
import { addresses, holderOf } from './looks/addresses.ts';
import type { Observations } from './observations.ts';

const judge: Judge = (plan, seen) => {
  const servers = serversBy(plan, 'dr', 'tun');
  const places = [...new Set(servers.map(placeOf))];
  const vips = vipsOf(plan);
  return eachRealServer(
    servers,
    {
      title: `every real server has ${vips.length > 1 ? 'its VIPs' : 'the VIP'} on ${places.join(' or ')}`,
      expected: `${vips.length > 1 ? 'those of its services' : vips[0]} on ${places.join(' or ')}, up`,
      hint: (nodes) => hintOf(plan, seen, nodes),
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

/** How to mend the first of the nodes. */
function hintOf(plan: Plan, seen: Observations, nodes: readonly string[]): Hint {
  const [node = ''] = nodes;
  const place = placeOn(serversBy(plan, 'dr', 'tun'), node);
  const holder = seen.of(addresses, node).find(({ name }) => name === place);
  const missing = vipsOn(plan, node).find((vip) => !holder?.addresses.includes(hostCidr(vip)));
  // A tunnel's device that goes down loses its IPv6 addresses.
  const down = place !== 'lo' && holder?.up === false;
  const run = missing && !down ? `ip address replace ${hostCidr(missing)} dev ${place}` : `ip link set ${place} up`;
  const why = missing && !down ? `no ${hostCidr(missing)} on ${place}` : `${place} is down`;
  return {
    cause: `requests are dropped on ${named(nodes)}: ${why}`,
    commands: [up(plan), { on: node, run }],
    see: [],
  };
}

export const vip: CheckKind = {
  id: 'vip',
  about: 'DR and TUN: each real server has the VIPs of its services on lo, or on the tunnel’s device',
  faults: ['vip-missing', 'vip-wide-prefix', 'tunnel-down'],
  looks: [addresses],
  judge,
};
