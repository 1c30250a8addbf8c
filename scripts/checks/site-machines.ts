import { inUse, type Plan } from '../plan/plan.ts';
import { siteServiceOf } from '../plan/web-site.ts';

/** The machines of the web site; empty in a lab without a web site. */
export function siteMachines(plan: Plan): string[] {
  if (!plan.site) return [];
  const { mounts, nfs, php, mysql } = plan.site;
  const servers = inUse(siteServiceOf(plan)).map(({ server }) => server);
  const machines = [...mounts.map(({ node }) => node), nfs, php, mysql, ...servers];
  return [...new Set(machines.filter((node) => node !== null))];
}
