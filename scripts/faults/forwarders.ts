import { nicOn, nodesOf, type Plan, serversBy, theNode } from '../plan/plan.ts';
import type { Witness } from './fault.ts';
import { serversOn } from './servers.ts';
import { fails, failsUntilNoticed, type Symptom } from './symptom.ts';
import { noEcho } from './witness.ts';

/** A machine that forwards the answers of some real servers. */
export interface Forwarder {
  node: string;
  role: 'director' | 'router';
  /** Sees that the machine forwards nothing. */
  witness: Witness;
  /** What clients see when the machine forwards nothing. */
  symptom: Symptom;
}

/** The director, for the answers of real servers with NAT, and the router, for all real servers behind it. */
export function forwarders(plan: Plan): Forwarder[] {
  const nat = serversBy(plan, 'nat').map(({ node }) => node);
  const director = theNode(plan, 'director').name;
  const remote = serversOn(plan, 'remote').map(({ node }) => node);
  return [
    // With SNAT real servers reach the client without the director.
    ...(nat.length > 0 && plan.oneArm !== 'snat'
      ? [
          {
            node: director,
            role: 'director' as const,
            witness: noEcho(nat[0] ?? '', nicOn(theNode(plan, 'client'), 'front').address),
            symptom: fails(plan, nat),
          },
        ]
      : []),
    ...nodesOf(plan, 'router').map(({ name }) => {
      const witness = noEcho(director, serversOn(plan, 'remote')[0]?.address ?? '');
      return { node: name, role: 'router' as const, witness, symptom: failsUntilNoticed(plan, remote) };
    }),
  ];
}
