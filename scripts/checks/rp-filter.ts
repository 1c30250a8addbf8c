import { type Plan, type PlannedRealServer, serversBy } from '../plan/plan.ts';
import { vipDeviceOf } from '../plan/vip-device.ts';
import { eachRealServer, named, namesOf } from './check.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import { effectLooks, serves } from './effect.ts';
import { type Hint, up } from './hint.ts';
import { effective, strictFilters, sysctls } from './looks/sysctls.ts';
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
      works: ({ node }) => serves(plan, seen, node),
    },
    (server) => {
      const device = vipDeviceOf(server);
      const values = seen.of(sysctls, server.node);
      const value = effective(values, device, 'rp_filter');
      if (value === undefined) return { ok: false, observed: `no ${device}` };
      const strict = strictFilters(values, device).map((one) => `${one}.rp_filter 1`);
      return { ok: strict.length === 0, observed: strict.join(', ') };
    },
  );
};

/** The hint names the first cause, and all real servers that share it. */
function hintOf(plan: Plan, seen: Observations, wrong: readonly [PlannedRealServer, ...PlannedRealServer[]]): Hint {
  const strictOn = (server: PlannedRealServer) => strictFilters(seen.of(sysctls, server.node), vipDeviceOf(server));
  const [first] = wrong;
  const strict = strictOn(first);
  const names = named(namesOf(wrong.filter((server) => String(strictOn(server)) === String(strict))));
  if (strict.length === 0)
    return { cause: `there is no ${vipDeviceOf(first)} on ${names}`, commands: [up(plan)], see: ['vip'] };
  // The larger of both counts, so each that is 1 must go.
  const commands = strict.map((one) => ({ on: first.node, run: `sysctl -w net.ipv4.conf.${one}.rp_filter=0` }));
  return {
    cause: `a strict rp_filter (${strict.join(', ')}) drops tunnelled requests on ${names}`,
    commands: commands.length > 1 ? commands : [up(plan), ...commands],
    see: [],
  };
}

export const rpFilter: CheckKind = {
  id: 'rp-filter',
  about: 'TUN: the reverse path filter of each real server accepts requests that come out of the tunnel',
  faults: ['rp-filter-strict'],
  looks: [sysctls, ...effectLooks],
  judge,
};
