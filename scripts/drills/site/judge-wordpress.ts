import type { Check } from '../../checks/check.ts';
import type { Plan, PlannedSite } from '../../plan/plan.ts';
import { came, names, withHint, words } from '../shared/visits-words.ts';
import { goesRound } from './goes-round.ts';
import type { WordPressSeen } from './seen.ts';

/** Something that is done by one real server, and of which another one knows. */
interface Pair {
  id: string;
  title: string;
  /** Kinds of the two visits. */
  kinds: [first: string, second: string];
  /** What the two real servers did. */
  did: [first: string, second: string];
  /** Statuses of the first visit that are right; else the whole page must come. */
  statuses?: number[];
  /** What must be true beside. */
  also: boolean;
}

export function judgeWordPress(plan: Plan, site: PlannedSite, seen: WordPressSeen): Check[] {
  return [...pairsOf(site, seen).map((pair) => judgePair(plan, site, seen, pair)), sourceIsKept(plan, seen)];
}

function pairsOf({ files }: PlannedSite, { visits, post, samePicture }: WordPressSeen): Pair[] {
  const picture: Pair = {
    id: 'site-picture',
    title: 'a picture that one takes is sent by another',
    kinds: ['picture-written', 'picture-read'],
    did: ['took it', 'sent it'],
    also: samePicture,
  };
  return [
    {
      id: 'site-post',
      title: 'a post that one writes is read by another',
      kinds: ['post-written', 'post-read'],
      did: ['wrote', 'read'],
      // WordPress numbers what it takes; what it refuses has no number.
      also: post !== '',
    },
    // Uploads on the PHP server alone, without a share, are found by no real server: that is what a share is for.
    ...(files === 'copies' ? [] : [picture]),
    {
      id: 'site-session',
      title: 'who logs in on one is logged in on another',
      kinds: ['login', 'session'],
      did: ['let in', 'knew'],
      statuses: [200, 302],
      also: !visits.some(({ kind, found }) => kind === 'stranger' && found),
    },
  ];
}

function judgePair(
  plan: Plan,
  site: PlannedSite,
  { visits }: WordPressSeen,
  { id, title, kinds, did: [did, then], statuses, also }: Pair,
): Check {
  const round = goesRound(plan, site);
  const [one, other] = kinds.map((wanted) => visits.filter(({ kind }) => kind === wanted).at(-1));
  const good = one !== undefined && (statuses?.includes(one.status) ?? came(one));
  const read = other !== undefined && came(other) && also;
  return withHint(plan, {
    id,
    title: round ? title : title.replace('another', 'whoever is next'),
    ok: good && read && (!round || one.server !== other.server),
    expected: round ? `${did} by one real server, ${then} by another` : `${did}, then ${then}`,
    observed:
      good && read
        ? `${one.server} ${did}, ${other.server} ${then}`
        : good
          ? `${one.server} ${did}; then ${other ? words(other) : 'nothing'}`
          : `not ${did}: ${one ? words(one) : 'no answer'}`,
  });
}

function sourceIsKept(plan: Plan, { visits }: WordPressSeen): Check {
  const programs = visits.filter(({ kind }) => kind === 'source');
  const leaks = programs.filter(({ found }) => found);
  return withHint(plan, {
    id: 'site-source',
    title: 'no .php is ever sent as source',
    ok: programs.length > 0 && leaks.length === 0 && programs.every(({ status }) => status > 0),
    expected: 'programs are run or refused',
    observed:
      leaks.length > 0
        ? `${names(leaks)} sends programs as they are`
        : programs.some(({ status }) => status === 0)
          ? 'no answer'
          : `${programs.length} requests to ${names(programs)}: none was`,
  });
}
