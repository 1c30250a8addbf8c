import type { Fault } from './fault.ts';
import { droppedFromTunnel, setReversePathFilter, tunnelFilterIs, tunnelGroups } from './reverse-path-filter.ts';
import { namesOf } from './servers.ts';
import { fails } from './symptom.ts';

export const rpFilterStrict: Fault = {
  id: 'rp-filter-strict',
  family: 'route',
  title: 'the reverse path filter of the tunnel device is strict',
  cause:
    'A request comes out of the tunnel, but the route to its client leads through the NIC. So the kernel drops it.',
  sign: (change) => tunnelFilterIs(1)(change).filter(({ key }) => !key.includes('.all.')),
  places: (plan) =>
    tunnelGroups(plan).map((servers) => {
      const nodes = servers.map(({ node }) => node);
      return {
        name: namesOf(servers),
        nodes,
        make: servers.map((server) => setReversePathFilter(server, 1)),
        witness: droppedFromTunnel(plan, servers),
        symptom: fails(plan, nodes),
        check: { id: 'rp-filter', hint: [...nodes, 'rp_filter=0'] },
      };
    }),
};
