import { heardFilter } from '../looks/asking.ts';
import { type Heard, parseHeard } from '../looks/heard.ts';
import type { Look } from '../looks/look.ts';

/** What the client hears on its network while it asks. */
export const capture: Look<Heard> = {
  name: 'capture',
  about: 'tcpdump on the client: how each connection begins, ICMP errors, and ARP (IPv6: neighbour advertisements)',
  on: ({ services }, { role }) => (role === 'client' ? { filter: heardFilter(services) } : undefined),
  needs: ['device', 'work'],
  templates: { before: 'checks/source/start', after: 'checks/source/stop' },
  parse: (printed) => parseHeard(printed.in('after')),
};
