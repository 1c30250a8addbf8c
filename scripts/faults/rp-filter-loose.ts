import type { Fault } from './fault.ts';
import { filterIs, setReversePathFilter, tunnelGroups } from './reverse-path-filter.ts';
import { namesOf } from './servers.ts';
import { changed } from './sign.ts';

export const rpFilterLoose: Fault = {
  id: 'rp-filter-loose',
  family: 'route',
  title: 'the reverse path filter of the tunnel device is loose, which is harmless',
  cause: 'A loose filter drops only packets from addresses to which there is no route at all.',
  sign: changed('sysctl', /^net\.ipv4\.conf\..*\.rp_filter$/, { after: /^2$/ }),
  places: (plan) =>
    tunnelGroups(plan).map((servers) => ({
      name: namesOf(servers),
      nodes: servers.map(({ node }) => node),
      make: servers.map((server) => setReversePathFilter(server, 2)),
      witness: filterIs(servers, 'loose'),
      symptom: { kind: 'none' },
      harmless: true,
    })),
};
