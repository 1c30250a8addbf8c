import { type Plan, type PlannedRealServer, serversBy } from '../plan/plan.ts';
import { vipDeviceOf } from '../plan/vip-device.ts';
import { eachRealServer, named, namesOf } from './check.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import { type Hint, up } from './hint.ts';
import { effective, strictFilter, sysctls } from './looks/sysctls.ts';
import type { Observations } from './observations.ts';

const judge: Judge = (plan, seen) => {
  // Linux has no such filter for IPv6.
  if (plan.family === 6) return [];
  const servers = serversBy(plan, 'tun');
  const devices = [...new Set(servers.map(vipDeviceOf))].join(' or ');
  return eachRealServer(
    servers,
    {
      title: 'the reverse path filter lets tunnelled requests in',
      expected: `rp_filter 0 or 2 on ${devices}`,
      hint: (wrong) => hintOf(plan, seen, wrong),
    },
    (server) => {
      const device = vipDeviceOf(server);
      const value = effective(seen.of(sysctls, server.node), device, 'rp_filter');
      return { ok: value === 0 || value === 2, observed: value === undefined ? `no ${device}` : `rp_filter ${value}` };
    },
  );
};

/** The hint names the first cause, and all real servers that share it. */
function hintOf(plan: Plan, seen: Observations, wrong: readonly [PlannedRealServer, ...PlannedRealServer[]]): Hint {
  const strictOn = (server: PlannedRealServer) => strictFilter(seen.of(sysctls, server.node), vipDeviceOf(server));
  const [first] = wrong;
  const strict = strictOn(first);
  const names = named(namesOf(wrong.filter((server) => strictOn(server) === strict)));
  if (!strict) return { cause: `there is no ${vipDeviceOf(first)} on ${names}`, commands: [up(plan)], see: ['vip'] };
  return {
    cause: `a strict rp_filter (${strict}) drops tunnelled requests on ${names}`,
    commands: [up(plan), { on: first.node, run: `sysctl -w net.ipv4.conf.${strict}.rp_filter=0` }],
    see: [],
  };
}

export const rpFilter: CheckKind = {
  id: 'rp-filter',
  about: 'TUN: the reverse path filter of each real server accepts requests that come out of the tunnel',
  faults: ['rp-filter-strict'],
  looks: [sysctls],
  judge,
};
