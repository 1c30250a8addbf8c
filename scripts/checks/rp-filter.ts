import { type Plan, serversBy } from '../plan/plan.ts';
import { placeOf, placeOn } from '../plan/vip-place.ts';
import { eachRealServer, named } from './check.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import { type Hint, up } from './hint.ts';
import { effective, sysctls } from './looks/sysctls.ts';
import type { Observations } from './observations.ts';

const judge: Judge = (plan, seen) => {
  // Linux has no such filter for IPv6.
  if (plan.family === 6) return [];
  const servers = serversBy(plan, 'tun');
  const devices = [...new Set(servers.map(placeOf))].join(' or ');
  const deviceOf = (node: string) => placeOn(servers, node);
  return eachRealServer(
    servers,
    {
      title: 'the reverse path filter lets tunnelled requests in',
      expected: `rp_filter 0 or 2 on ${devices}`,
      hint: (nodes) => hintOf(plan, seen, nodes),
    },
    (node) => {
      const device = deviceOf(node);
      const value = effective(seen.of(sysctls, node), device, 'rp_filter');
      return { ok: value === 0 || value === 2, observed: value === undefined ? `no ${device}` : `rp_filter ${value}` };
    },
  );
};

/** How to mend the first of the nodes. */
function hintOf(plan: Plan, seen: Observations, nodes: readonly string[]): Hint {
  const [node = ''] = nodes;
  const device = placeOn(serversBy(plan, 'tun'), node);
  const values = seen.of(sysctls, node);
  if (!values.has(`${device}.rp_filter`)) {
    return { cause: `there is no ${device} on ${named(nodes)}`, commands: [up(plan)], see: ['vip'] };
  }
  const strict = ['all', device].find((name) => values.get(`${name}.rp_filter`) === 1) ?? device;
  return {
    cause: `a strict rp_filter (${strict}) drops tunnelled requests on ${named(nodes)}`,
    commands: [up(plan), { on: node, run: `sysctl -w net.ipv4.conf.${strict}.rp_filter=0` }],
    see: [],
  };
}

export const rpFilter: CheckKind = {
  id: 'rp-filter',
  about: 'TUN: the reverse path filter of each real server lets requests in that come out of the tunnel',
  faults: ['rp-filter-strict'],
  looks: [sysctls],
  judge,
};
