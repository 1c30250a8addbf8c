import test from 'ava';
import type { Plan, PlannedSite } from '../../scripts/plan/plan.ts';
import { judgePowerCut, judgeSite, judgeSurvival, judgeWriterKilled } from '../../scripts/verify/checks/site.ts';
import {
  parseSiteNode,
  parseSurvivor,
  parseVisits,
  parseWordPress,
  type SiteNodeSeen,
  type SiteSeen,
  type Visit,
} from '../../scripts/verify/site-seen.ts';
import { hintText } from '../checks/hint-text.ts';
import { planOf } from '../render/golden.ts';

const visit = (kind: string, server: string | undefined, more: Partial<Visit> = {}): Visit => {
  return { kind, status: 200, server, seconds: 0.5, found: true, error: undefined, ...more };
};

const node = (more: Partial<SiteNodeSeen> = {}): SiteNodeSeen => {
  return {
    mount: '',
    fstab: '',
    readable: false,
    units: new Map(),
    program: undefined,
    door: false,
    login: undefined,
    ...more,
  };
};
const mounted = { mount: '172.16.10.20:/ nfs4', fstab: '172.16.10.20:/ /srv/site nfs4 hard 0 0', readable: true };

/** What lab web shows when all is well. */
const good = (): SiteSeen => ({
  nodes: new Map([
    ['rs1', node({ ...mounted, program: 200 })],
    ['rs2', node({ ...mounted, program: 200 })],
    ['nfs', node({ units: new Map([['nfs-server.service', 'active']]) })],
    [
      'php',
      node({ ...mounted, units: new Map([['php8.4-fpm.service', 'active']]), login: { code: 0, words: 'connected' } }),
    ],
    ['mysql', node({ units: new Map([['mariadb.service', 'active']]) })],
  ]),
  pages: [visit('page', 'rs2'), visit('page', 'rs1')],
  file: { writer: 'rs1', visits: [visit('file', 'rs2'), visit('file', 'rs1')] },
  wordpress: {
    visits: [
      visit('post-written', 'rs2'),
      visit('post-read', 'rs1'),
      visit('picture-written', 'rs2'),
      visit('picture-read', 'rs1'),
      visit('login', 'rs2', { status: 302 }),
      visit('session', 'rs1'),
      visit('stranger', 'rs2', { found: false }),
      visit('source', 'rs1', { found: false }),
      visit('source', 'rs2', { found: false, status: 503 }),
    ],
    post: '4',
    samePicture: true,
  },
});

function site(plan: Plan): PlannedSite {
  if (!plan.site) throw new Error('no site');
  return plan.site;
}

test('a site in which all is well passes, and each check says what it saw', async (t) => {
  const plan = await planOf('web');
  const checks = judgeSite(plan, site(plan), good());
  t.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
  t.deepEqual(
    checks.map(({ id, observed }) => [id, observed]),
    [
      ['site-files', 'so on rs1, rs2, php'],
      ['site-php', 'so on rs1, rs2'],
      ['site-database', 'php on mysql'],
      ['database-door', 'refused on rs1, rs2, nfs'],
      ['site-pages', 'rs2 rs1'],
      ['site-file', 'rs1 wrote, rs2 and rs1 read'],
      ['site-post', 'rs2 wrote, rs1 read'],
      ['site-picture', 'rs2 took it, rs1 sent it'],
      ['site-session', 'rs2 let in, rs1 knew'],
      ['site-source', '2 requests to rs1 and rs2: none was'],
    ],
  );
});

const change = (name: string, more: Partial<SiteNodeSeen>) => (seen: SiteSeen) => {
  seen.nodes.set(name, { ...(seen.nodes.get(name) ?? node()), ...more });
};
const revisit = (kind: string, more: Partial<Visit>) => (seen: SiteSeen) => {
  for (const one of [...seen.pages, ...(seen.file?.visits ?? []), ...(seen.wordpress?.visits ?? [])]) {
    if (one.kind === kind) Object.assign(one, more);
  }
};

const damages: [title: string, check: string, damage: (seen: SiteSeen) => void, hint: RegExp][] = [
  [
    'the NFS server is stopped',
    'site-files',
    change('nfs', { units: new Map([['nfs-server.service', 'inactive']]) }),
    /NFS server is down.*systemctl start nfs-server/,
  ],
  ['a real server has mounted nothing', 'site-files', change('rs1', { mount: '' }), /lab up web mounts it/],
  ['a real server has mounted something else', 'site-files', change('rs1', { mount: '172.16.10.9:/ nfs4' }), /findmnt/],
  ['a mount that does not answer', 'site-files', change('php', { readable: false }), /findmnt/],
  ['a mount that the next boot would not know', 'site-files', change('rs2', { fstab: '' }), /lab up web/],
  [
    'PHP-FPM is down',
    'site-php',
    change('php', { units: new Map([['php8.4-fpm.service', 'failed']]) }),
    /PHP-FPM is down.*php8\.4-fpm/,
  ],
  ['a real server does not find PHP', 'site-php', change('rs2', { program: 503 }), /error\.log/],
  [
    'MariaDB is down',
    'site-database',
    change('mysql', { units: new Map([['mariadb.service', 'inactive']]) }),
    /MariaDB is down/,
  ],
  [
    'a wrong password',
    'site-database',
    change('php', { login: { code: 1045, words: 'Access denied' } }),
    /DB_PASSWORD.*config-default\.php on php/,
  ],
  [
    'a database that is not reached',
    'site-database',
    change('php', { login: { code: 2002, words: 'No route' } }),
    /not reached/,
  ],
  ['a database that is open to all', 'database-door', change('rs1', { door: true }), /lab up web/],
  ['a page that does not come', 'site-pages', revisit('page', { status: 500 }), /error\.log/],
  ['a page that comes in part', 'site-pages', revisit('page', { error: 'timed out' }), /error\.log/],
  ['a page that is another', 'site-pages', revisit('page', { found: false }), /error\.log/],
  ['all pages from one', 'site-pages', revisit('page', { server: 'rs1' }), /error\.log/],
  ['a file that others do not have', 'site-file', revisit('file', { status: 404, found: false }), /error\.log/],
  ['a post that was not taken', 'site-post', revisit('post-written', { found: false }), /error\.log/],
  ['a post that is not read', 'site-post', revisit('post-read', { status: 404 }), /error\.log/],
  ['a post that only the writer reads', 'site-post', revisit('post-read', { server: 'rs2' }), /error\.log/],
  [
    'another picture',
    'site-picture',
    (seen) => {
      if (seen.wordpress) seen.wordpress.samePicture = false;
    },
    /error\.log/,
  ],
  ['nobody is logged in', 'site-session', revisit('session', { found: false }), /error\.log/],
  ['everybody is logged in', 'site-session', revisit('stranger', { found: true }), /error\.log/],
  ['a program is sent as it is', 'site-source', revisit('source', { found: true }), /error\.log/],
];

for (const [title, check, damage, hint] of damages) {
  test(`${title}: ${check} fails, and its hint helps`, async (t) => {
    const plan = await planOf('web');
    const seen = good();
    damage(seen);
    const failed = judgeSite(plan, site(plan), seen).filter(({ ok }) => !ok);
    t.deepEqual(
      failed.map(({ id }) => id),
      [check],
    );
    t.regex(hintText(failed[0]?.hint, plan.lab), hint);
  });
}

test('a layer that is down is named, and what stands on it is not judged', async (t) => {
  const plan = await planOf('web');
  const seen = { ...good(), pages: [], file: undefined, wordpress: undefined };
  change('php', { units: new Map([['php8.4-fpm.service', 'failed']]) })(seen);
  t.deepEqual(
    judgeSite(plan, site(plan), seen).map(({ id, ok }) => [id, ok]),
    [
      ['site-files', true],
      ['site-php', false],
      ['site-database', true],
      ['database-door', true],
    ],
  );
});

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

test('a machine that dies while it writes: what is wrong with the disk afterwards is named', async (t) => {
  const plan = await planOf('ocfs2');
  const seen = {
    ...{ writer: 'rs2', survivor: 'rs1', seconds: 14.2, files: 40, broken: 0, damage: [], read: true, secondsBack: 6 },
  };
  t.true(judgeWriterKilled(plan, seen).ok);
  t.is(
    judgeWriterKilled(plan, seen).observed,
    'rs2 killed, rs1 went on after 14.2 s, 40 files whole; rs2 back after 6.0 s',
  );
  const damages = [
    { seconds: undefined },
    { seconds: 70 },
    { files: 0 },
    { broken: 1 },
    { damage: ['OCFS2: ERROR'] },
    { read: false },
  ];
  for (const damage of damages) {
    const check = judgeWriterKilled(plan, { ...seen, ...damage });
    t.false(check.ok, JSON.stringify(damage));
    t.truthy(check.hint);
  }
  t.deepEqual(parseSurvivor('@@usable 100.5 112.75\n@@files 40 1\n@@damage OCFS2: ERROR (device vdb)\n'), {
    seconds: 12.25,
    files: 40,
    broken: 1,
    damage: ['OCFS2: ERROR (device vdb)'],
  });
  t.is(parseSurvivor('@@files 0 0\n').seconds, undefined);
});

test('a page that does not come is told in curl’s words', async (t) => {
  const plan = await planOf('web');
  const seen = good();
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
  const text = `@@mount
172.16.10.20:/ nfs4
@@fstab
172.16.10.20:/ /srv/site nfs4 hard 0 0
@@readable
yes
@@units
php8.4-fpm.service active
@@program
503
@@door
@@login
1045 Access denied for user 'wordpress'@'172.16.10.30'
`;
  t.deepEqual(parseSiteNode(text), {
    mount: '172.16.10.20:/ nfs4',
    fstab: '172.16.10.20:/ /srv/site nfs4 hard 0 0',
    readable: true,
    units: new Map([['php8.4-fpm.service', 'active']]),
    program: 503,
    door: false,
    login: { code: 1045, words: "Access denied for user 'wordpress'@'172.16.10.30'" },
  });
});
