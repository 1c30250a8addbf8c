import { serversBy } from '../../plan/plan.ts';
import type { Look } from '../looks/look.ts';

/** Whether the director forwards packets of the lab's address family. */
export const forwards: Look<boolean> = {
  name: 'forwarding',
  about: 'net.ipv4.ip_forward (IPv6: net.ipv6.conf.all.forwarding) on each director, where a real server is by NAT',
  on: (plan, { role }) => (serversBy(plan, 'nat').length > 0 && role === 'director' ? {} : undefined),
  templates: { after: 'checks/forwarding/read' },
  parse: (printed) => printed.in('after').trim() === '1',
};
