import { type Plan, serversBy } from '../plan/plan.ts';
import { eachRealServer } from './check.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import { addresses } from './looks/addresses.ts';
import { effective, sysctls } from './looks/sysctls.ts';
import type { Observations } from './observations.ts';
import { vipsOn } from './place.ts';

/**
 * DR and TUN: nobody but the director answers ARP, or neighbour solicitations, for the VIP. These are answered for
 * addresses of the interface that was asked (ndisc_recv_ns in net/ipv6/ndisc.c); ARP too, with arp_ignore.
 */
const judge: Judge = (plan, seen) => {
  const ipv6 = plan.family === 6;
  const cure = 'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2 before the VIP is added';
  return eachRealServer(
    serversBy(plan, 'dr', 'tun'),
    {
      title: 'real servers keep quiet about the VIP',
      expected: `${ipv6 ? '' : 'arp_ignore ≥ 1, arp_announce = 2, '}the VIP on no NIC`,
      hint: (nodes) => {
        const exposed = nodes.filter((node) => vipsOnNics(plan, seen, node).length > 0);
        const what = exposed.length > 0 ? `ip address del the VIP from the NIC of ${exposed.join(', ')}` : cure;
        return `${nodes.join(', ')} answers ${ipv6 ? 'neighbour solicitations' : 'ARP'} for the VIP and takes the requests past IPVS: ${what}; or lab up ${plan.lab}`;
      },
    },
    (node) => {
      const values = seen.of(sysctls, node);
      const ignore = effective(values, 'nic', 'arp_ignore') ?? 0;
      const announce = effective(values, 'nic', 'arp_announce') ?? 0;
      const exposed = vipsOnNics(plan, seen, node);
      const quiet = ipv6 || (ignore >= 1 && announce === 2);
      const observed = [...(ipv6 ? [] : [`arp_ignore ${ignore}, arp_announce ${announce}`]), ...exposed];
      return { ok: quiet && exposed.length === 0, observed: observed.join(', ') };
    },
  );
};

/** VIPs that a real server has where everybody hears of them. */
function vipsOnNics(plan: Plan, seen: Observations, node: string): string[] {
  const vips = vipsOn(plan, node);
  return seen
    .of(addresses, node)
    .filter(({ name }) => !/^(lo|tunl0|gre0|ip6tnl0)$/.test(name))
    .flatMap(({ name, addresses: found }) =>
      found.filter((one) => vips.includes(one.split('/')[0] ?? '')).map((one) => `${one} on ${name}`),
    );
}

export const arpQuiet: CheckKind = {
  id: 'arp-quiet',
  about: 'DR and TUN: no real server answers ARP, or neighbour solicitations, for the VIP',
  faults: [],
  looks: [addresses, sysctls],
  judge,
};
