import type { Check } from '../../checks/check.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Visit } from '../shared/visits-seen.ts';
import { came, names, withHint, words } from '../shared/visits-words.ts';

/** With a real server out of the table, the others go on with the site. */
export function judgeSurvival(plan: Plan, gone: string, visits: readonly Visit[]): Check {
  const bad = visits.filter((one) => !came(one) || one.server === gone);
  return withHint(plan, {
    id: 'site-survives',
    title: `with ${gone} down the site goes on`,
    ok: visits.length > 0 && bad.length === 0,
    expected: `every page comes, from others than ${gone}`,
    observed: bad.length > 0 ? bad.map(words).join('; ') : `pages from ${names(visits)}`,
  });
}
