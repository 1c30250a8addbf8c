import { inUse, type Plan, type PlannedSite } from '../../plan/plan.ts';
import type { Check } from '../check.ts';
import type { PowerCutSeen, SiteSeen, Visit, WordPressSeen, WriterKilledSeen } from '../site-seen.ts';
import { judgeLayers } from './site-layers.ts';

/** The web site: what it stands on, and, if that is there, what clients get. Judged without I/O. */
export function judgeSite(plan: Plan, site: PlannedSite, seen: SiteSeen): Check[] {
  const layers = judgeLayers(plan, site, seen.nodes);
  if (layers.some(({ ok }) => !ok)) return layers;
  return [
    ...layers,
    pages(plan, site, seen.pages),
    ...(seen.file ? [sharedFile(plan, seen.file)] : []),
    ...(seen.wordpress ? judgeWordPress(plan, site, seen.wordpress) : []),
  ];
}

/** With a real server out of the table, the others go on with the site. */
export function judgeSurvival(plan: Plan, gone: string, visits: readonly Visit[]): Check {
  const bad = visits.filter((one) => !came(one) || one.server === gone);
  return verdict(plan, {
    id: 'site-survives',
    title: `with ${gone} down the site goes on`,
    ok: visits.length > 0 && bad.length === 0,
    expected: `every page comes, from others than ${gone}`,
    observed: bad.length > 0 ? bad.map(words).join('; ') : `pages from ${names(visits)}`,
  });
}

export function judgePowerCut(plan: Plan, { node, seconds, visits }: PowerCutSeen): Check {
  const bad = visits.filter((one) => !came(one));
  return verdict(plan, {
    id: 'site-power-cut',
    title: 'the database survives a power cut of its machine',
    ok: visits.length > 0 && bad.length === 0,
    expected: 'the post from before is read',
    observed:
      bad.length > 0 ? bad.map(words).join('; ') : `${node} back, and the post read, after ${seconds.toFixed(1)} s`,
  });
}

/** Seconds within which a dead member must be known to be dead, and its journal played back. */
const recoveryBound = 60;

export function judgeWriterKilled(plan: Plan, seen: WriterKilledSeen): Check {
  const { writer, survivor, seconds, files, broken, damage, read, secondsBack } = seen;
  const wrongs = [
    ...(seconds === undefined ? [`${survivor} cannot write`] : []),
    ...(seconds !== undefined && seconds > recoveryBound
      ? [`${survivor} could write after ${seconds.toFixed(1)} s`]
      : []),
    ...(files === 0 ? [`nothing is left of what ${writer} wrote`] : []),
    ...(broken > 0 ? [`${broken} of ${files} files cannot be read`] : []),
    ...damage,
    ...(read ? [] : [`${writer} is back, and does not read what ${survivor} wrote`]),
  ];
  return {
    id: 'site-writer-killed',
    title: 'a machine that dies while it writes leaves the disk usable',
    ok: wrongs.length === 0,
    expected: `${survivor} goes on within ${recoveryBound} s, ${writer} comes back`,
    observed:
      wrongs.length > 0
        ? wrongs.join('; ')
        : `${writer} killed, ${survivor} went on after ${(seconds ?? 0).toFixed(1)} s, ${files} files whole; ${writer} back after ${secondsBack.toFixed(1)} s`,
    ...(wrongs.length > 0 && { hint: `lab ssh ${plan.lab} ${survivor} -- dmesg: what o2cb, o2dlm and ocfs2 say` }),
  };
}

function pages(plan: Plan, site: PlannedSite, visits: readonly Visit[]): Check {
  const servers = inUse(plan.services[site.service]).map(({ server }) => server);
  const bad = visits.filter((one) => !came(one));
  const round = goesRound(plan, site);
  const missing = round ? servers.filter((one) => !visits.some(({ server }) => server === one)) : [];
  const row = visits.map(({ server }) => server ?? 'nobody').join(' ');
  return verdict(plan, {
    id: 'site-pages',
    title: round ? 'pages come from all real servers in turn' : 'pages come',
    ok: visits.length > 0 && bad.length === 0 && missing.length === 0,
    expected: round ? `pages from ${servers.join(', ')}` : 'pages',
    observed: bad.length > 0 ? bad.map(words).join('; ') : row,
  });
}

function sharedFile(plan: Plan, { writer, visits }: { writer: string; visits: readonly Visit[] }): Check {
  const bad = visits.filter((one) => !came(one));
  return verdict(plan, {
    id: 'site-file',
    title: 'a file that one real server writes is read by all',
    ok: visits.length > 0 && bad.length === 0,
    expected: `what ${writer} wrote`,
    observed: bad.length > 0 ? bad.map(words).join('; ') : `${writer} wrote, ${names(visits)} read`,
  });
}

function judgeWordPress(plan: Plan, site: PlannedSite, seen: WordPressSeen): Check[] {
  const round = goesRound(plan, site);
  const last = (kind: string) => seen.visits.filter((one) => one.kind === kind).at(-1);
  const pair = (
    id: string,
    title: string,
    [first, second]: [string, string],
    [did, then]: [string, string],
    also = true,
  ): Check => {
    const [one, other] = [last(first), last(second)];
    const good = one !== undefined && (first === 'login' ? [200, 302].includes(one.status) : came(one));
    const read = other !== undefined && came(other) && also;
    return verdict(plan, {
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
  };
  const strangers = seen.visits.filter(({ kind, found }) => kind === 'stranger' && found);
  const programs = seen.visits.filter(({ kind }) => kind === 'source');
  const leaks = programs.filter(({ found }) => found);
  return [
    // WordPress numbers what it takes; what it refuses has no number.
    pair(
      'site-post',
      'a post that one writes is read by another',
      ['post-written', 'post-read'],
      ['wrote', 'read'],
      seen.post !== '',
    ),
    // Uploads on the PHP server alone, without a share, are found by no real server: that is what a share is for.
    ...(site.files === 'copies'
      ? []
      : [
          pair(
            'site-picture',
            'a picture that one takes is sent by another',
            ['picture-written', 'picture-read'],
            ['took it', 'sent it'],
            seen.samePicture,
          ),
        ]),
    pair(
      'site-session',
      'who logs in on one is logged in on another',
      ['login', 'session'],
      ['let in', 'knew'],
      strangers.length === 0,
    ),
    verdict(plan, {
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
    }),
  ];
}

/** Whether the next request surely meets another real server. */
function goesRound(plan: Plan, { service }: PlannedSite): boolean {
  const { scheduler, persistence = 0 } = plan.services[service] ?? {};
  return scheduler === 'rr' && persistence === 0 && inUse(plan.services[service]).length > 1;
}

function names(visits: readonly Visit[]): string {
  return [...new Set(visits.map(({ server }) => server ?? 'nobody'))].join(' and ');
}

/** The whole page, with what was to be on it. */
function came({ status, found, error }: Visit): boolean {
  return status === 200 && found && error === undefined;
}

function words({ status, server, found, kind, error }: Visit): string {
  if (status === 0 || error) return `${kind}: ${error ?? 'no answer'}`;
  return `${kind}: status ${status} from ${server ?? 'nobody'}${status === 200 && !found ? ', without what was to be on it' : ''}`;
}

/** The layers are there when these checks are made: what fails is between them. */
function verdict(plan: Plan, check: Check): Check {
  if (check.ok) return check;
  const { site, lab } = plan;
  const node = site?.php ?? plan.realServers[0]?.node;
  return {
    ...check,
    hint: `what the site stands on is there, so look at what it says: lab ssh ${lab} ${plan.realServers[0]?.node} -- tail /var/log/apache2/error.log, and on ${node} journalctl -n 20`,
  };
}
