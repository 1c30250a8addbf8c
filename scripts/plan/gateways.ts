import { nicOn, nodesOf, type Plan, serversBy, theNode } from './plan.ts';

/** The default route that a real server must have, so that its answers get to the client. */
export interface PlannedGateway {
  /** The real server. */
  node: string;
  /** The node that has the gateway's address. */
  role: 'director' | 'router';
  address: string;
}

/** With NAT answers go back through the director; from behind a router everything goes through the router. Other real servers need no gateway. */
export function gatewaysOf(plan: Plan): PlannedGateway[] {
  const remote = nodesOf(plan, 'real-server').filter(({ nics }) => nics.some(({ network }) => network === 'remote'));
  return [
    ...serversBy(plan, 'nat').map(({ node }): PlannedGateway => {
      const address = plan.backup?.gateway ?? nicOn(theNode(plan, 'director'), 'back').address;
      return { node, role: 'director', address };
    }),
    ...remote.map(({ name }): PlannedGateway => {
      return { node: name, role: 'router', address: nicOn(theNode(plan, 'router'), 'remote').address };
    }),
  ];
}
