import { inUse, type Plan, type PlannedSite } from '../../plan/plan.ts';

/** Whether the next request is sure to meet another real server. */
export function goesRound({ services }: Plan, site: PlannedSite): boolean {
  const service = services[site.service];
  return service?.scheduler === 'rr' && service.persistence === 0 && inUse(service).length > 1;
}
