import { nicOn, nodesOf, type Plan, serversBy, theNode } from './plan.ts';

/** The route that a real server must have, so that its answers get to the client. */
export interface PlannedGateway {
  /** The real server. */
  node: string;
  /** `default`, or the client's address, where the client is in the same network. */
  to: string;
  /** The node that has the gateway's address. */
  role: 'director' | 'router';
  address: string;
}

/**
 * With NAT answers go back through the director, unless it puts its own address into requests. From behind a router everything goes
 * through the router. Other real servers need no gateway.
 */
export function gatewaysOf(plan: Plan): PlannedGateway[] {
  const remote = nodesOf(plan, 'real-server').filter(({ nics }) => nics.some(({ network }) => network === 'remote'));
  return [
    ...serversBy(plan, 'nat').flatMap(({ node }): PlannedGateway[] => {
      const director = theNode(plan, 'director');
      if (plan.oneArm === 'snat') return [];
      if (plan.oneArm === 'routes') {
        const to = nicOn(theNode(plan, 'client'), 'front').address;
        return [{ node, to, role: 'director', address: nicOn(director, 'front').address }];
      }
      const address = plan.backup?.gateway ?? nicOn(director, 'back').address;
      return [{ node, to: 'default', role: 'director', address }];
    }),
    ...remote.map(({ name }): PlannedGateway => {
      return { node: name, to: 'default', role: 'router', address: nicOn(theNode(plan, 'router'), 'remote').address };
    }),
  ];
}
