import { gatewaysOf } from '../plan/gateways.ts';
import type { Fault } from './fault.ts';
import { sh } from './sh.ts';
import { fails, failsUntilNoticed } from './symptom.ts';

export const gatewayMissing: Fault = {
  id: 'gateway-missing',
  title: 'a real server has no default gateway',
  cause: 'Answers never reach the machine that must forward them to the client.',
  places: (plan) =>
    gatewaysOf(plan).map(({ node, role, address }) => ({
      name: node,
      make: [{ on: node, run: sh`ip -${plan.family} route flush default via ${address}` }],
      check: { id: 'gateway', hint: [node, `ip route replace default via ${address}`] },
      // The director reaches real servers behind the router through the router, so this check fails as well.
      ...(role === 'router'
        ? { symptom: failsUntilNoticed(plan, [node]), also: ['reachable'] }
        : { symptom: fails(plan, [node]) }),
    })),
};
