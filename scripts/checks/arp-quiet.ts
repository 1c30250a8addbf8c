import { type Plan, serversBy } from '../plan/plan.ts';
import { vipsOn } from '../plan/vip-device.ts';
import { eachRealServer, named, namesOf } from './check.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import { type Hint, up } from './hint.ts';
import { addresses } from './looks/addresses.ts';
import { nics } from './looks/nics.ts';
import { effective, sysctls } from './looks/sysctls.ts';
import type { Observations } from './observations.ts';

/**
 * The kernel answers neighbour solicitations only for addresses of the interface that received them (ndisc_recv_ns in
 * net/ipv6/ndisc.c). With arp_ignore 1 the same is true of ARP. So the VIP may be on lo, and on no NIC.
 */
const judge: Judge = (plan, seen) => {
  const ipv6 = plan.family === 6;
  return eachRealServer(
    serversBy(plan, 'dr', 'tun'),
    {
      title: `no real server answers ${ipv6 ? 'neighbour solicitations' : 'ARP'} for the VIP`,
      expected: `${ipv6 ? '' : 'arp_ignore ≥ 1, arp_announce = 2, '}the VIP on no NIC`,
      hint: (wrong) => hintOf(plan, seen, namesOf(wrong)),
    },
    ({ node }) => {
      const values = seen.of(sysctls, node);
      const ignore = effective(values, 'nic', 'arp_ignore') ?? 0;
      const announce = effective(values, 'nic', 'arp_announce') ?? 0;
      const exposed = vipsOnNics(plan, seen, node);
      const quiet = ipv6 || (ignore >= 1 && announce === 2);
      const places = exposed.map(({ cidr, nic }) => `${cidr} on ${nic}`);
      const observed = [...(ipv6 ? [] : [`arp_ignore ${ignore}, arp_announce ${announce}`]), ...places];
      return { ok: quiet && exposed.length === 0, observed: observed.join(', ') };
    },
  );
};

/** An address on a NIC comes first: the kernel answers for it whatever the sysctls say. */
function hintOf(plan: Plan, seen: Observations, nodes: readonly string[]): Hint {
  const question = plan.family === 6 ? 'neighbour solicitations' : 'ARP';
  const [exposed] = nodes.flatMap((node) => vipsOnNics(plan, seen, node));
  if (exposed) {
    const { node, nic, cidr } = exposed;
    return {
      cause: `${node} has the VIP on ${nic}, so it answers ${question} for it in place of the director`,
      commands: [{ on: node, run: `ip address del ${cidr} dev ${nic}` }],
      see: ['arp-owner'],
    };
  }
  return {
    cause: `without arp_ignore=1 and arp_announce=2 ${named(nodes)} can claim the VIP by ARP, in place of the director`,
    commands: [up(plan)],
    see: ['arp-owner'],
  };
}

/** VIPs that a real server has on a NIC. */
function vipsOnNics(plan: Plan, seen: Observations, node: string): { node: string; nic: string; cidr: string }[] {
  const vips = vipsOn(plan, node);
  const found = seen.of(addresses, node);
  return seen.of(nics, node).flatMap(({ name: nic }) => {
    const own = found.find(({ name }) => name === nic)?.addresses ?? [];
    return own.filter((cidr) => vips.includes(cidr.split('/')[0] ?? '')).map((cidr) => ({ node, nic, cidr }));
  });
}

export const arpQuiet: CheckKind = {
  id: 'arp-quiet',
  about: 'DR and TUN: no real server answers ARP, or neighbour solicitations, for the VIP',
  faults: ['arp-sysctls-missing', 'vip-on-nic'],
  looks: [addresses, nics, sysctls],
  judge,
};
