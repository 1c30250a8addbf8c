import type { Check } from '../../checks/check.ts';
import type { Plan } from '../../plan/plan.ts';
import { siteOf, siteServiceOf } from '../../plan/web-site.ts';
import { daemonsOf } from './drilled-service.ts';
import type { Visit } from './visits-seen.ts';

/** Whether the whole page came, with the words that belong to it. */
export function isGood({ status, found, error }: Visit): boolean {
  return status === 200 && found && error === undefined;
}

/** `page: status 500 from rs1` */
export function visitText({ status, server, found, kind, error }: Visit): string {
  if (status === 0 || error) return `${kind}: ${error ?? 'no answer'}`;
  const missing = status === 200 && !found ? ', without the expected words' : '';
  return `${kind}: status ${status} from ${server ?? unnamed}${missing}`;
}

/** `rs1 and rs2` */
export function serversOf(visits: readonly Visit[]): string {
  return [...new Set(visits.map(({ server }) => server ?? unnamed))].join(' and ');
}

/** The name for a server whose answer has no header with the name of a real server. */
const unnamed = 'an unnamed server';

/** Gives a failed check the logs to look at. The layers below the pages were right when the drill began. */
export function withLogs(plan: Plan, check: Check): Check {
  if (check.ok) return check;
  const service = siteServiceOf(plan);
  const { php } = siteOf(plan);
  const logs = [
    ...service.destinations
      .slice(0, 1)
      .flatMap(({ server: on }) => daemonsOf(service).map(({ log: run }) => ({ on, run }))),
    ...(php ? [{ on: php, run: 'journalctl -n 9' }] : []),
  ];
  const cause = 'files, PHP and database were right before; see the logs';
  return { ...check, hint: { cause, commands: logs, see: [] } };
}
