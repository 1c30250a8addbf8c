import { inUse, type Plan } from '../plan/plan.ts';

/** Machines that have a part in the web site; none in a lab without one. */
export function siteMachines({ site, services }: Plan): string[] {
  if (!site) return [];
  const { mounts, nfs, php, mysql, service } = site;
  const servers = inUse(services[service]).map(({ server }) => server);
  const machines = [...mounts.map(({ node }) => node), nfs, php, mysql, ...servers];
  return [...new Set(machines.filter((node) => node !== null))];
}
