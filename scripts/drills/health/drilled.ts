import { servesPlainPages } from '../../backends/index.ts';
import { healthOf, inUse, type Plan, type PlannedService } from '../../plan/plan.ts';
import { isSorry } from '../../plan/sorry-server.ts';
import { firstService } from '../shared/drilled-service.ts';

/** The service whose real servers the drill stops: the first that its client can ask for pages, else the first of the lab. */
export function drilledService(plan: Plan): PlannedService {
  return plan.services.find(hasAskedPages) ?? firstService(plan);
}

/** Whether the drill's client can ask for pages of the service. */
export function hasAskedPages({ endpoints: [first] }: Pick<PlannedService, 'endpoints'>): boolean {
  return first !== undefined && servesPlainPages(first);
}

/** Whether the sorry server replaces all real servers as soon as one has failed, because too little weight is left. */
export function losesQuorum(plan: Plan, failed: string): boolean {
  const health = healthOf(plan);
  const service = drilledService(plan);
  const left = inUse(service).filter(({ server }) => server !== failed);
  const weight = left.reduce((sum, one) => sum + one.weight, 0);
  return weight > 0 && isSorry(health, service) && weight < health.quorum - health.hysteresis;
}
