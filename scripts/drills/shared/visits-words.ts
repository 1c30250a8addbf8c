import type { Check } from '../../checks/check.ts';
import type { Plan } from '../../plan/plan.ts';
import { daemonsOf } from './drilled-service.ts';
import type { Visit } from './visits-seen.ts';

/** The whole page, with what was to be on it. */
export function came({ status, found, error }: Visit): boolean {
  return status === 200 && found && error === undefined;
}

export function words({ status, server, found, kind, error }: Visit): string {
  if (status === 0 || error) return `${kind}: ${error ?? 'no answer'}`;
  return `${kind}: status ${status} from ${server ?? 'nobody'}${status === 200 && !found ? ', without what was to be on it' : ''}`;
}

export function names(visits: readonly Visit[]): string {
  return [...new Set(visits.map(({ server }) => server ?? 'nobody'))].join(' and ');
}

/** What else to look at when a check of pages failed: all layers of the site were right before. */
export function withHint(plan: Plan, check: Check): Check {
  if (check.ok) return check;
  const { site, services, realServers } = plan;
  const planned = services[site?.service ?? 0];
  const [server] = realServers;
  const logs = [
    ...(server && planned ? daemonsOf(planned).map(({ log }) => ({ on: server.node, run: log })) : []),
    ...(site?.php ? [{ on: site.php, run: 'journalctl -n 9' }] : []),
  ];
  const cause = 'files, PHP and database were right before; see the logs';
  return { ...check, hint: { cause, commands: logs, see: [] } };
}
