import { nodesOf, type Plan, serversBy, theNode } from '../plan/plan.ts';
import { serversOn } from './servers.ts';
import { fails, failsUntilNoticed, type Symptom } from './symptom.ts';

/** A machine that forwards the answers of some real servers. */
export interface Forwarder {
  node: string;
  role: 'director' | 'router';
  /** What clients see when it forwards nothing. */
  symptom: Symptom;
}

/** The director, for answers of real servers by NAT; and the router, for all real servers behind it. */
export function forwarders(plan: Plan): Forwarder[] {
  const nat = serversBy(plan, 'nat').map(({ node }) => node);
  const remote = serversOn(plan, 'remote').map(({ node }) => node);
  return [
    ...(nat.length > 0
      ? [{ node: theNode(plan, 'director').name, role: 'director' as const, symptom: fails(plan, nat) }]
      : []),
    ...nodesOf(plan, 'router').map(({ name }) => {
      return { node: name, role: 'router' as const, symptom: failsUntilNoticed(plan, remote) };
    }),
  ];
}
