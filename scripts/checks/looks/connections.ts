import { type IpvsConnection, parseConnections } from '../../ipvs/parse.ts';
import { theNode } from '../../plan/plan.ts';
import type { Look } from './look.ts';

export interface ConnectionsSeen {
  before: IpvsConnection[];
  /** The table during the requests and after them. A connection may be here more than once. */
  since: IpvsConnection[];
}

/** The director's connection table. */
export const connections: Look<ConnectionsSeen> = {
  name: 'connections',
  about: '/proc/net/ip_vs_conn on the director, before the requests, every few seconds, and after them',
  on: (plan, { name }) => (name === theNode(plan, 'director').name ? {} : undefined),
  templates: {
    before: 'checks/looks/connections',
    during: 'checks/looks/connections',
    after: 'checks/looks/connections',
  },
  parse: (printed) => ({
    before: parseConnections(printed.in('before')),
    since: [...printed.during(), printed.in('after')].flatMap(parseConnections),
  }),
};
