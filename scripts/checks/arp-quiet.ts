import { type Plan, serversBy } from '../plan/plan.ts';
import { vipsOn } from '../plan/vip-place.ts';
import { eachRealServer, named } from './check.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import { type Hint, up } from './hint.ts';
import { addresses } from './looks/addresses.ts';
import { effective, sysctls } from './looks/sysctls.ts';
import type { Observations } from './observations.ts';

/**
 * The kernel answers neighbour solicitations only for addresses of the interface that was asked (ndisc_recv_ns in
 * net/ipv6/ndisc.c), and ARP likewise with arp_ignore 1. So the VIP may be on lo, and on no NIC.
 */
const judge: Judge = (plan, seen) => {
  const ipv6 = plan.family === 6;
  return eachRealServer(
    serversBy(plan, 'dr', 'tun'),
    {
      title: `no real server answers ${ipv6 ? 'neighbour solicitations' : 'ARP'} for the VIP`,
      expected: `${ipv6 ? '' : 'arp_ignore ≥ 1, arp_announce = 2, '}the VIP on no NIC`,
      hint: (nodes) => hintOf(plan, seen, nodes),
    },
    (node) => {
      const values = seen.of(sysctls, node);
      const ignore = effective(values, 'nic', 'arp_ignore') ?? 0;
      const announce = effective(values, 'nic', 'arp_announce') ?? 0;
      const exposed = vipsOnNics(plan, seen, node);
      const quiet = ipv6 || (ignore >= 1 && announce === 2);
      const places = exposed.map(({ cidr, name }) => `${cidr} on ${name}`);
      const observed = [...(ipv6 ? [] : [`arp_ignore ${ignore}, arp_announce ${announce}`]), ...places];
      return { ok: quiet && exposed.length === 0, observed: observed.join(', ') };
    },
  );
};

/** An address on a NIC is removed first: the kernel answers for it whatever the sysctls say, and `lab up` leaves it alone. */
function hintOf(plan: Plan, seen: Observations, nodes: readonly string[]): Hint {
  const question = plan.family === 6 ? 'neighbour solicitations' : 'ARP';
  for (const node of nodes) {
    const [exposed] = vipsOnNics(plan, seen, node);
    if (!exposed) continue;
    const { cidr, name } = exposed;
    return {
      cause: `${node} has the VIP on ${name}, and so answers ${question} for it, past the director`,
      commands: [{ on: node, run: `ip address del ${cidr} dev ${name}` }],
      see: ['arp-owner'],
    };
  }
  return {
    cause: `without arp_ignore=1 and arp_announce=2 the VIP is announced by ${named(nodes)}, and requests go past the director`,
    commands: [up(plan)],
    see: ['arp-owner'],
  };
}

/** VIPs that a real server has where everybody hears of them. */
function vipsOnNics(plan: Plan, seen: Observations, node: string): { cidr: string; name: string }[] {
  const vips = vipsOn(plan, node);
  return seen
    .of(addresses, node)
    .filter(({ name }) => !/^(lo|tunl0|gre0|ip6tnl0)$/.test(name))
    .flatMap(({ name, addresses: found }) =>
      found.filter((one) => vips.includes(one.split('/')[0] ?? '')).map((cidr) => ({ cidr, name })),
    );
}

export const arpQuiet: CheckKind = {
  id: 'arp-quiet',
  about: 'DR and TUN: no real server answers ARP, or neighbour solicitations, for the VIP',
  faults: ['arp-sysctls-missing', 'vip-on-nic'],
  looks: [addresses, sysctls],
  judge,
};
