import type { Fault } from './fault.ts';
import { droppedFromTunnel, tunnelFilterIs, tunnelGroups } from './reverse-path-filter.ts';
import { namesOf } from './servers.ts';
import { fails } from './symptom.ts';

export const rpFilterAllStrict: Fault = {
  id: 'rp-filter-all-strict',
  family: 'route',
  title: 'the reverse path filter of all interfaces of a real server is strict',
  cause:
    'The kernel uses the larger of the values for "all" and for the interface. So 0 on the tunnel device does not help.',
  sign: (change) => tunnelFilterIs(1)(change).filter(({ key }) => key.includes('.all.')),
  places: (plan) =>
    tunnelGroups(plan).map((servers) => ({
      name: namesOf(servers),
      nodes: servers.map(({ node }) => node),
      make: servers.map(({ node }) => ({ on: node, run: 'sysctl -q -w net.ipv4.conf.all.rp_filter=1' })),
      witness: droppedFromTunnel(plan, servers),
      symptom: fails(
        plan,
        servers.map(({ node }) => node),
      ),
    })),
};
