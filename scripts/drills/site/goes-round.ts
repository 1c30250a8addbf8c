import { inUse, type Plan, type PlannedSite } from '../../plan/plan.ts';

/** Whether the next request surely meets another real server. */
export function goesRound(plan: Plan, { service }: PlannedSite): boolean {
  const { scheduler, persistence = 0 } = plan.services[service] ?? {};
  return scheduler === 'rr' && persistence === 0 && inUse(plan.services[service]).length > 1;
}
