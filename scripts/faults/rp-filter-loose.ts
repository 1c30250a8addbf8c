import type { Fault } from './fault.ts';
import { filterIs, setReversePathFilter, tunnelFilterIs, tunnelGroups } from './reverse-path-filter.ts';
import { clientAddress, namesOf } from './servers.ts';
import { endsHere, wayTo } from './way-to.ts';

export const rpFilterLoose: Fault = {
  id: 'rp-filter-loose',
  family: 'route',
  title: 'the reverse path filter of the tunnel device is loose, which is harmless',
  cause: 'A loose filter drops only packets from addresses to which there is no route at all.',
  sign: (change) => {
    const back = wayTo(change.after, clientAddress(change.plan));
    return back === undefined || endsHere.test(back.value) ? [] : tunnelFilterIs(2)(change);
  },
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
