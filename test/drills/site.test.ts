import test from 'ava';
import { judgeSurvival } from '../../scripts/drills/health/judge-survival.ts';
import { judgePowerCut } from '../../scripts/drills/power-cut/judge.ts';
import { parseVisits, type Visit } from '../../scripts/drills/shared/visits-seen.ts';
import { judgeSite } from '../../scripts/drills/site/judge.ts';
import { parseWordPress, type SiteSeen } from '../../scripts/drills/site/seen.ts';
import type { Plan, PlannedSite } from '../../scripts/plan/plan.ts';
import { failsWithHint } from '../checks/fails-with-hint.ts';
import { planOf } from '../render/golden.ts';
import { siteSeen } from './seen/site.ts';
import { visit } from './seen/visit.ts';

function site(plan: Plan): PlannedSite {
  if (!plan.site) throw new Error('no site');
  return plan.site;
}

test('a site in which all is well passes, and each check says what it saw', async (t) => {
  const plan = await planOf('web');
  const checks = judgeSite(plan, site(plan), siteSeen());
  t.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
  t.deepEqual(
    checks.map(({ id, observed }) => [id, observed]),
    [
      ['site-pages', 'pages from rs2, rs1'],
      ['site-file', 'rs1 wrote it, rs2 and rs1 sent it'],
      ['site-post', 'rs2 took the post, rs1 served it'],
      ['site-picture', 'rs2 took the picture, rs1 served it'],
      ['site-session', 'rs2 logged the user in, rs1 knew the user'],
      ['site-source', 'none in 2 answers of rs1 and rs2'],
    ],
  );
});

const revisit = (kind: string, more: Partial<Visit>) => (seen: SiteSeen) => {
  for (const one of [...seen.pages, ...(seen.file?.visits ?? []), ...(seen.wordpress?.visits ?? [])]) {
    if (one.kind === kind) Object.assign(one, more);
  }
};

const damages: [title: string, check: string, damage: (seen: SiteSeen) => void][] = [
  ['a page that does not come', 'site-pages', revisit('page', { status: 500 })],
  ['a page that comes in part', 'site-pages', revisit('page', { error: 'timed out' })],
  ['a page that is another', 'site-pages', revisit('page', { found: false })],
  ['all pages from one', 'site-pages', revisit('page', { server: 'rs1' })],
  ['a file that others do not have', 'site-file', revisit('file', { status: 404, found: false })],
  ['a post that was not taken', 'site-post', revisit('post-written', { found: false })],
  ['a post that is not read', 'site-post', revisit('post-read', { status: 404 })],
  ['a post that only the writer reads', 'site-post', revisit('post-read', { server: 'rs2' })],
  [
    'another picture',
    'site-picture',
    (seen) => {
      if (seen.wordpress) seen.wordpress.samePicture = false;
    },
  ],
  ['nobody is logged in', 'site-session', revisit('session', { found: false })],
  ['everybody is logged in', 'site-session', revisit('stranger', { found: true })],
  ['a program is sent as it is', 'site-source', revisit('source', { found: true })],
];

for (const [title, check, damage] of damages) {
  test(`${title}: ${check} fails, and its hint helps`, async (t) => {
    const plan = await planOf('web');
    const seen = siteSeen();
    damage(seen);
    const failed = judgeSite(plan, site(plan), seen).filter(({ ok }) => !ok);
    t.deepEqual(
      failed.map(({ id }) => id),
      [check],
    );
    failsWithHint(t, failed[0], plan, /ssh web rs1 -- tail \S+error\.log; npx lab ssh web php -- journalctl/);
  });
}

test('the site goes on without a real server, and the database after a power cut; or not', async (t) => {
  const plan = await planOf('web');
  t.true(judgeSurvival(plan, 'rs1', [visit('page', 'rs2')]).ok);
  t.false(judgeSurvival(plan, 'rs1', [visit('page', 'rs2'), visit('page', 'rs1')]).ok);
  t.false(judgeSurvival(plan, 'rs1', [visit('page', 'rs2', { status: 0 })]).ok);
  t.false(judgeSurvival(plan, 'rs1', []).ok);
  const cut = { node: 'mysql', seconds: 9, visits: [visit('post-read', 'rs1')] };
  t.true(judgePowerCut(plan, cut).ok);
  t.false(judgePowerCut(plan, { ...cut, visits: [visit('post-read', 'rs1', { status: 500, found: false })] }).ok);
});

test('a missing page is reported in curl’s words', async (t) => {
  const plan = await planOf('web');
  const seen = siteSeen();
  revisit('page', { status: 0, error: 'Operation timed out after 60001 milliseconds' })(seen);
  const check = judgeSite(plan, site(plan), seen).find(({ id }) => id === 'site-pages');
  t.regex(check?.observed ?? '', /^page: Operation timed out after 60001 milliseconds/);
});

test('what the scripts print', (t) => {
  const late = 'Operation timed out after 60001 milliseconds with 0 bytes received';
  t.deepEqual(parseVisits(`@@visit page rs1 yes 200 0.512 \n@@visit page nobody no 000 60.001 ${late}\n`), [
    visit('page', 'rs1', { seconds: 0.512 }),
    { kind: 'page', status: 0, server: undefined, seconds: 60.001, found: false, error: late },
  ]);
  const { post, samePicture } = parseWordPress('@@visit post-written rs1 yes 200 1.0 \n@@post 17\n@@picture same\n');
  t.deepEqual([post, samePicture], ['17', true]);
});
