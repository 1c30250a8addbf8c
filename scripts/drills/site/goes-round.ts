import { inUse, type Plan } from '../../plan/plan.ts';
import { siteServiceOf } from '../../plan/web-site.ts';

/** Whether the next request to the web site is sure to meet another real server. */
export function goesRound(plan: Plan): boolean {
  const service = siteServiceOf(plan);
  return service.scheduler === 'rr' && service.persistence === 0 && inUse(service).length > 1;
}
