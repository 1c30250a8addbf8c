import type { Check } from '../../checks/check.ts';
import { inUse, type Plan, type PlannedSite } from '../../plan/plan.ts';
import type { Visit } from '../shared/visits-seen.ts';
import { came, names, withHint, words } from '../shared/visits-words.ts';
import { goesRound } from './goes-round.ts';
import { judgeWordPress } from './judge-wordpress.ts';
import type { SiteSeen } from './seen.ts';

/** What clients got of the web site. */
export function judgeSite(plan: Plan, site: PlannedSite, seen: SiteSeen): Check[] {
  return [
    pages(plan, site, seen.pages),
    ...(seen.file ? [sharedFile(plan, seen.file)] : []),
    ...(seen.wordpress ? judgeWordPress(plan, site, seen.wordpress) : []),
  ];
}

function pages(plan: Plan, site: PlannedSite, visits: readonly Visit[]): Check {
  const servers = inUse(plan.services[site.service]).map(({ server }) => server);
  const bad = visits.filter((one) => !came(one));
  const round = goesRound(plan, site);
  const missing = round ? servers.filter((one) => !visits.some(({ server }) => server === one)) : [];
  const row = visits.map(({ server }) => server ?? 'nobody').join(' ');
  return withHint(plan, {
    id: 'site-pages',
    title: round ? 'pages come from all real servers in turn' : 'pages come',
    ok: visits.length > 0 && bad.length === 0 && missing.length === 0,
    expected: round ? `pages from ${servers.join(', ')}` : 'pages',
    observed: bad.length > 0 ? bad.map(words).join('; ') : row,
  });
}

function sharedFile(plan: Plan, { writer, visits }: { writer: string; visits: readonly Visit[] }): Check {
  const bad = visits.filter((one) => !came(one));
  return withHint(plan, {
    id: 'site-file',
    title: 'a file that one real server writes is read by all',
    ok: visits.length > 0 && bad.length === 0,
    expected: `what ${writer} wrote`,
    observed: bad.length > 0 ? bad.map(words).join('; ') : `${writer} wrote, ${names(visits)} read`,
  });
}
