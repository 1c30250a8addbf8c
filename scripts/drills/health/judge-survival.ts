import type { Check } from '../../checks/check.ts';
import type { Plan } from '../../plan/plan.ts';
import { isGood, serversOf, visitText, withLogs } from '../shared/judge-visits.ts';
import type { Visit } from '../shared/visits-seen.ts';

/** The other real servers serve the web site while one is out. */
export function judgeSurvival(plan: Plan, stopped: string, visits: readonly Visit[]): Check {
  const bad = visits.filter((one) => !isGood(one) || one.server === stopped);
  return withLogs(plan, {
    id: 'site-survives',
    title: `with ${stopped} down, the others serve the site`,
    ok: visits.length > 0 && bad.length === 0,
    expected: `pages from other real servers than ${stopped}`,
    observed: bad.length > 0 ? bad.map(visitText).join('; ') : `pages from ${serversOf(visits)}`,
  });
}
