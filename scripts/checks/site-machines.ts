import { inUse, type Plan } from '../plan/plan.ts';
import { siteServiceOf } from '../plan/web-site.ts';

/** Machines that have a part in the web site; none in a lab without one. */
export function siteMachines(plan: Plan): string[] {
  if (!plan.site) return [];
  const { mounts, nfs, php, mysql } = plan.site;
  const servers = inUse(siteServiceOf(plan)).map(({ server }) => server);
  const machines = [...mounts.map(({ node }) => node), nfs, php, mysql, ...servers];
  return [...new Set(machines.filter((node) => node !== null))];
}
