import type { Daemon } from '../../backends/backend.ts';
import { backendsOf } from '../../checks/looks/asking.ts';
import { inUse, type Plan, type PlannedService, serversBy } from '../../plan/plan.ts';

/** The service that a drill's client asks. */
export function firstService({ services }: Plan): PlannedService {
  const [service] = services;
  if (!service) throw new Error('a plan without services');
  return service;
}

/** Real servers that get requests and are machines of their own, which a drill may disturb. */
export function drillable(plan: Plan, service: PlannedService): PlannedService['destinations'] {
  const machines = serversBy(plan, 'nat', 'dr', 'tun').map(({ node }) => node);
  return inUse(service).filter(({ server }) => machines.includes(server));
}

/** The programs that serve it on a real server. */
export function daemonsOf(service: PlannedService): Daemon[] {
  return [...new Set(backendsOf(service).map(({ daemon }) => daemon))];
}
