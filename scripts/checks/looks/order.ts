import { type IpvsService, parseTable } from '../../ipvs/parse.ts';
import { theNode } from '../../plan/plan.ts';
import type { Look } from './look.ts';

/** The director's table before the requests: the order of the real servers, and how many connections IPVS counts for each. */
export const order: Look<IpvsService[]> = {
  name: 'order',
  about: '/proc/net/ip_vs on the director, before the requests',
  on: (plan, { name }) => (name === theNode(plan, 'director').name ? {} : undefined),
  templates: { before: 'checks/looks/order' },
  parse: (printed) => parseTable(printed.in('before')),
};
