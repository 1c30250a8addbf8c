import { inUse, type Plan } from '../../plan/plan.ts';
import { siteServiceOf } from '../../plan/web-site.ts';

/** Whether the next request to the web site is sure to go to another real server. */
export function goesRound(plan: Plan): boolean {
  const service = siteServiceOf(plan);
  return service.scheduler === 'rr' && service.persistence === 0 && inUse(service).length > 1;
}
