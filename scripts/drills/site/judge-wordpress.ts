import type { Check } from '../../checks/check.ts';
import { countOf } from '../../count-of.ts';
import type { Plan, PlannedSite } from '../../plan/plan.ts';
import { isGood, serversOf, visitText, withLogs } from '../shared/judge-visits.ts';
import { goesRound } from './goes-round.ts';
import type { WordPressSeen } from './seen.ts';

/** Two visits: one real server does something, and another one must know of it. */
interface Pair {
  id: string;
  title: string;
  /** Kinds of the two visits. */
  kinds: [first: string, second: string];
  /** What the two real servers did, after their names. */
  did: [first: string, second: string];
  /** Statuses of the first visit that are right; without them the whole page must come. */
  statuses?: number[];
  /** Whether the rest is right that belongs to the second visit. */
  rest: boolean;
}

export function judgeWordPress(plan: Plan, site: PlannedSite, seen: WordPressSeen): Check[] {
  return [...pairsOf(site, seen).map((pair) => judgePair(plan, seen, pair)), noSourceIsSent(plan, seen)];
}

function pairsOf({ files }: PlannedSite, { visits, post, samePicture }: WordPressSeen): Pair[] {
  const picture: Pair = {
    id: 'site-picture',
    title: 'a picture sent to one real server is served by another',
    kinds: ['picture-written', 'picture-read'],
    did: ['took the picture', 'served it'],
    rest: samePicture,
  };
  return [
    {
      id: 'site-post',
      title: 'a post sent to one real server is served by another',
      kinds: ['post-written', 'post-read'],
      did: ['took the post', 'served it'],
      // WordPress numbers a post that it takes.
      rest: post !== '',
    },
    // Without shared files uploads are on the PHP server alone, where no real server finds them.
    ...(files === 'copies' ? [] : [picture]),
    {
      id: 'site-session',
      title: 'a user who logs in on one real server is logged in on another',
      kinds: ['login', 'session'],
      did: ['logged the user in', 'knew the user'],
      statuses: [200, 302],
      rest: !visits.some(({ kind, found }) => kind === 'stranger' && found),
    },
  ];
}

function judgePair(plan: Plan, { visits }: WordPressSeen, pair: Pair): Check {
  const round = goesRound(plan);
  const [did, then] = pair.did;
  const [first, second] = pair.kinds.map((wanted) => visits.filter(({ kind }) => kind === wanted).at(-1));
  const firstOk = first !== undefined && (pair.statuses?.includes(first.status) ?? isGood(first));
  const secondOk = second !== undefined && isGood(second) && pair.rest;
  return withLogs(plan, {
    id: pair.id,
    title: round ? pair.title : pair.title.replace('another', 'the next one'),
    ok: firstOk && secondOk && (!round || first.server !== second.server),
    expected: `one real server ${did}, ${round ? 'another' : 'the next'} ${then}`,
    observed: firstOk
      ? `${first.server} ${did}, ${secondOk ? `${second.server} ${then}` : `then ${second ? visitText(second) : 'nothing'}`}`
      : `no real server ${did}: ${first ? visitText(first) : 'no answer'}`,
  });
}

function noSourceIsSent(plan: Plan, { visits }: WordPressSeen): Check {
  const programs = visits.filter(({ kind }) => kind === 'source');
  const leaks = programs.filter(({ found }) => found);
  const silent = programs.filter(({ status }) => status === 0);
  return withLogs(plan, {
    id: 'site-source',
    title: 'no real server sends a PHP program as text',
    ok: programs.length > 0 && leaks.length === 0 && silent.length === 0,
    expected: 'programs are run or refused',
    observed:
      leaks.length > 0
        ? `${serversOf(leaks)} sent a program as text`
        : silent.length > 0
          ? 'no answer'
          : `none in ${countOf(programs.length, 'answer')} of ${serversOf(programs)}`,
  });
}
