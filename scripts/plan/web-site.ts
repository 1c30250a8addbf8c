import type { Plan, PlannedService, PlannedSite } from './plan.ts';

/** @throws Error in a lab without a web site */
export function siteOf({ site }: Plan): PlannedSite {
  if (!site) throw new Error('a plan without a web site');
  return site;
}

/** The service that the web site is reached by. */
export function siteServiceOf(plan: Plan): PlannedService {
  const service = plan.services[siteOf(plan).service];
  if (!service) throw new Error('a web site without its service');
  return service;
}
