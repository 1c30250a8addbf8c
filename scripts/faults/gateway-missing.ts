import { gatewaysOf, type PlannedGateway } from '../plan/gateways.ts';
import { management } from '../plan/management.ts';
import { nicOn, type Plan, theNode } from '../plan/plan.ts';
import type { Fault, Witness } from './fault.ts';
import { clientAddress } from './servers.ts';
import { sh } from './sh.ts';
import { gone } from './sign.ts';
import { fails, failsUntilNoticed } from './symptom.ts';
import { hasOwnRules, wayTo } from './way-to.ts';
import { noEcho } from './witness.ts';

export const gatewayMissing: Fault = {
  id: 'gateway-missing',
  family: 'route',
  title: 'a real server has no default gateway',
  cause: 'Answers never reach the machine that must forward them to the client.',
  sign: (change) => {
    const way = wayTo(change.after, clientAddress(change.plan));
    // A machine may have a default route of its own to the kit, which leads to no client.
    const leadsThere = way !== undefined && !way.value.includes(`dev ${management}`);
    return hasOwnRules(change.after) || leadsThere ? [] : gone('route', /^(default|::\/0)( |$)/)(change);
  },
  places: (plan) =>
    defaultGatewaysOf(plan).map(({ node, role, address }) => ({
      name: node,
      nodes: [node],
      make: [{ on: node, run: sh`ip -${plan.family} route flush default via ${address}` }],
      witness: noWayBack(plan, node, role),
      check: { id: 'gateway', hint: [node, `ip route replace default via ${address}`] },
      // The director reaches real servers behind the router through the router, so this check fails as well.
      ...(role === 'router'
        ? { symptom: failsUntilNoticed(plan, [node]), also: ['reachable'] }
        : { symptom: fails(plan, [node]) }),
    })),
};

/** Without a route to the client alone, real servers in its network answer it directly. */
export function defaultGatewaysOf(plan: Plan): PlannedGateway[] {
  return gatewaysOf(plan).filter(({ to }) => to === 'default');
}

/** The real server cannot reach the client (NAT), or the director behind a router. */
export function noWayBack(plan: Plan, node: string, role: PlannedGateway['role']): Witness {
  if (role === 'director') return noEcho(node, nicOn(theNode(plan, 'client'), 'front').address);
  const { address = '' } = plan.realServers.find((server) => server.node === node) ?? {};
  return noEcho(theNode(plan, 'director').name, address);
}
