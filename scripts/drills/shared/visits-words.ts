import type { Plan } from '../../plan/plan.ts';
import type { Check } from '../../verify/check.ts';
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

/** The layers are there when these checks are made: what fails is between them. */
export function verdict(plan: Plan, check: Check): Check {
  if (check.ok) return check;
  const { site, lab } = plan;
  const node = site?.php ?? plan.realServers[0]?.node;
  return {
    ...check,
    hint: `what the site stands on is there, so look at what it says: lab ssh ${lab} ${plan.realServers[0]?.node} -- tail /var/log/apache2/error.log, and on ${node} journalctl -n 20`,
  };
}
