import { nicOn, type Plan, serversBy, theNode } from '../plan/plan.ts';
import type { Fault, Place } from './fault.ts';
import { serversOn } from './servers.ts';
import { sh } from './sh.ts';
import { fails, failsUntilNoticed } from './symptom.ts';

export const gatewayMissing: Fault = {
  id: 'gateway-missing',
  title: 'a real server has no default gateway',
  cause: 'Answers never reach the machine that must pass them on to the client.',
  places: (plan) => [
    ...serversBy(plan, 'nat').map(({ node }) => ({
      ...withoutGateway(plan, node, nicOn(theNode(plan, 'director'), 'back').address),
      symptom: fails(plan, [node]),
    })),
    // The director asks those behind the router through it, so it notices.
    ...serversOn(plan, 'remote').map(({ node }) => ({
      ...withoutGateway(plan, node, nicOn(theNode(plan, 'router'), 'remote').address),
      symptom: failsUntilNoticed(plan, [node]),
      also: ['reachable'],
    })),
  ],
};

function withoutGateway({ family }: Plan, node: string, gateway: string): Omit<Place, 'symptom'> {
  return {
    name: node,
    make: [{ on: node, run: sh`ip -${family} route flush default via ${gateway}` }],
    check: { id: 'gateway', hint: [node, `ip route replace default via ${gateway}`] },
  };
}
