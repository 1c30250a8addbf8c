import type { Check } from '../../checks/check.ts';
import { inUse, type Plan, type PlannedSite } from '../../plan/plan.ts';
import { siteServiceOf } from '../../plan/web-site.ts';
import { isGood, serversOf, visitText, withLogs } from '../shared/judge-visits.ts';
import type { Visit } from '../shared/visits-seen.ts';
import { goesRound } from './goes-round.ts';
import { judgeWordPress } from './judge-wordpress.ts';
import type { SiteSeen } from './seen.ts';

/** Judges what clients got of the web site. */
export function judgeSite(plan: Plan, site: PlannedSite, seen: SiteSeen): Check[] {
  return [
    pagesCome(plan, seen.pages),
    ...(seen.file ? [fileIsShared(plan, seen.file)] : []),
    ...(seen.wordpress ? judgeWordPress(plan, site, seen.wordpress) : []),
  ];
}

function pagesCome(plan: Plan, visits: readonly Visit[]): Check {
  const servers = inUse(siteServiceOf(plan)).map(({ server }) => server);
  const bad = visits.filter((one) => !isGood(one));
  const round = goesRound(plan);
  const missing = round ? servers.filter((name) => !visits.some(({ server }) => server === name)) : [];
  return withLogs(plan, {
    id: 'site-pages',
    title: round ? 'all real servers send pages, in turn' : 'clients get pages',
    ok: visits.length > 0 && bad.length === 0 && missing.length === 0,
    expected: round ? `pages from ${servers.join(', ')}` : 'pages',
    observed:
      bad.length > 0 ? bad.map(visitText).join('; ') : `pages from ${visits.map((one) => serversOf([one])).join(', ')}`,
  });
}

function fileIsShared(plan: Plan, { writer, visits }: { writer: string; visits: readonly Visit[] }): Check {
  const bad = visits.filter((one) => !isGood(one));
  return withLogs(plan, {
    id: 'site-file',
    title: 'all real servers send a file that one of them has written',
    ok: visits.length > 0 && bad.length === 0,
    expected: `the file that ${writer} wrote`,
    observed: bad.length > 0 ? bad.map(visitText).join('; ') : `${writer} wrote it, ${serversOf(visits)} sent it`,
  });
}
