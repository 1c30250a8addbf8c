import { type IpvsCounters, parseCounters } from '../../ipvs/parse.ts';
import { theNode } from '../../plan/plan.ts';
import type { Look } from './look.ts';

/** What IPVS counted on the director, before the requests and after them. */
export const counters: Look<{ before: IpvsCounters; after: IpvsCounters }> = {
  name: 'counters',
  about: '/proc/net/ip_vs_stats_percpu on the director, before the requests and after them',
  on: (plan, { name }) => (name === theNode(plan, 'director').name ? {} : undefined),
  templates: { before: 'checks/looks/counters', after: 'checks/looks/counters' },
  parse: (printed) => ({ before: parseCounters(printed.in('before')), after: parseCounters(printed.in('after')) }),
};
