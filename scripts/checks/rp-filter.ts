import { serversBy } from '../plan/plan.ts';
import { eachRealServer } from './check.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import { effective, sysctls } from './looks/sysctls.ts';
import { placeOf, placeOn } from './place.ts';

/** TUN: the reverse path filter lets unwrapped packets through. IPv6 has none. */
const judge: Judge = (plan, seen) => {
  if (plan.family === 6) return [];
  const servers = serversBy(plan, 'tun');
  const devices = [...new Set(servers.map(placeOf))].join(' or ');
  const deviceOf = (node: string) => placeOn(servers, node);
  return eachRealServer(
    servers,
    {
      title: 'the reverse path filter lets tunnelled requests in',
      expected: `rp_filter 0 or 2 on ${devices}`,
      hint: (nodes) =>
        `${nodes.join(', ')} drops every request that comes out of ${deviceOf(nodes[0] ?? '')}, because its source is routed by the NIC: sysctl -w net.ipv4.conf.${deviceOf(nodes[0] ?? '')}.rp_filter=0 (the larger of "all" and ${deviceOf(nodes[0] ?? '')} counts); or lab up ${plan.lab}`,
    },
    (node) => {
      const device = deviceOf(node);
      const value = effective(seen.of(sysctls, node), device, 'rp_filter');
      return { ok: value === 0 || value === 2, observed: value === undefined ? `no ${device}` : `rp_filter ${value}` };
    },
  );
};

export const rpFilter: CheckKind = {
  id: 'rp-filter',
  about: 'TUN: the reverse path filter of each real server lets requests in that come out of the tunnel',
  faults: [],
  looks: [sysctls],
  judge,
};
