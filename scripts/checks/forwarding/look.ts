import { serversBy, theNode } from '../../plan/plan.ts';
import type { Look } from '../looks/look.ts';

/** Whether the director forwards packets of the lab's address family. */
export const forwards: Look<boolean> = {
  name: 'forwarding',
  about: 'net.ipv4.ip_forward (IPv6: net.ipv6.conf.all.forwarding) on the director, where a real server is by NAT',
  on: (plan, { name }) =>
    serversBy(plan, 'nat').length > 0 && name === theNode(plan, 'director').name ? {} : undefined,
  templates: { after: 'checks/forwarding/read' },
  parse: (printed) => printed.in('after').trim() === '1',
};
