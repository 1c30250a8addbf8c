import type { Fault } from './fault.ts';
import { setReversePathFilter, tunnelGroups } from './reverse-path-filter.ts';
import { namesOf } from './servers.ts';

export const rpFilterLoose: Fault = {
  id: 'rp-filter-loose',
  title: 'the reverse path filter of the tunnel device is loose, which is harmless',
  cause: 'A loose filter drops only packets from addresses to which there is no route at all.',
  places: (plan) =>
    tunnelGroups(plan).map((servers) => ({
      name: namesOf(servers),
      make: servers.map((server) => setReversePathFilter(server, 2)),
      symptom: { kind: 'none' },
    })),
};
