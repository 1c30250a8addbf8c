import { hostCidr } from '../model/addresses.ts';
import { type Plan, type PlannedRealServer, serversBy, vipsOf } from '../plan/plan.ts';
import { vipDeviceOf, vipsOn } from '../plan/vip-device.ts';
import { eachRealServer } from './check.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import { effectLooks, serves } from './effect.ts';
import { type Hint, up } from './hint.ts';
import { addresses, holderOf, placeInWords } from './looks/addresses.ts';
import type { Observations } from './observations.ts';

const judge: Judge = (plan, seen) => {
  const servers = serversBy(plan, 'dr', 'tun');
  const places = [...new Set(servers.map(vipDeviceOf))].join(' or ');
  const vips = vipsOf(plan);
  const several = vips.length > 1;
  return eachRealServer(
    servers,
    {
      title: `every real server has ${several ? 'its VIPs' : 'the VIP'} on ${places}`,
      expected: `${several ? 'the VIPs of its services' : vips[0]} on ${places}, up`,
      hint: ([first]) => hintOf(plan, seen, first),
      works: ({ node }) => serves(plan, seen, node),
    },
    (server) => {
      const wrong = faultyVips(plan, seen, server);
      return {
        ok: wrong.length === 0,
        observed: wrong.map(({ vip, what }) => `the VIP${several ? ` ${vip}` : ''} is ${what}`).join(', '),
      };
    },
  );
};

/** What is wrong with the VIPs of a real server, and the command that repairs it. */
function faultyVips(plan: Plan, seen: Observations, server: PlannedRealServer) {
  const device = vipDeviceOf(server);
  const interfaces = seen.of(addresses, server.node);
  const place = interfaces.find(({ name }) => name === device);
  return vipsOn(plan, server.node).flatMap((vip) => {
    const host = hostCidr(vip);
    const found = place?.addresses.filter((one) => one.split('/')[0] === vip) ?? [];
    const wide = found.find((one) => one !== host);
    if (place && !place.up) {
      // An interface that goes down loses its IPv6 addresses.
      const what = found.length > 0 ? placeInWords(place) : `missing, and ${device} is down`;
      return { vip, what, run: `ip link set ${device} up` };
    }
    if (wide) {
      const what = `on ${device} with /${wide.split('/')[1]}, a whole network`;
      return { vip, what, run: `ip address del ${wide} dev ${device}` };
    }
    if (found.length > 0) return [];
    const holder = holderOf(interfaces, vip);
    const what = `${placeInWords(holder)}${holder ? `, not on ${device}` : ''}`;
    return { vip, what, run: `ip address replace ${host} dev ${device}` };
  });
}

/** The hint is about the first wrong VIP of the first wrong real server. */
function hintOf(plan: Plan, seen: Observations, server: PlannedRealServer): Hint {
  const { node } = server;
  const [first] = faultyVips(plan, seen, server);
  if (!first) throw new Error(`the VIPs of ${node} are right`);
  return { cause: `the VIP of ${node} is ${first.what}`, commands: [up(plan), { on: node, run: first.run }], see: [] };
}

export const vip: CheckKind = {
  id: 'vip',
  about: 'DR and TUN: each real server has the VIPs of its services on lo, or on the tunnel’s device',
  faults: ['vip-missing', 'vip-wide-prefix', 'tunnel-down'],
  looks: [addresses, ...effectLooks],
  judge,
};
