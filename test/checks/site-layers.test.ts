import test from 'ava';
import { openDoor } from '../../scripts/checks/database-door/look.ts';
import { judge } from '../../scripts/checks/judge.ts';
import { parseUnits, siteUnits } from '../../scripts/checks/looks/site-units.ts';
import { databaseLogin, parseLogin } from '../../scripts/checks/site-database/look.ts';
import { type MountSeen, parseMount, siteMount } from '../../scripts/checks/site-files/look.ts';
import { phpStatus } from '../../scripts/checks/site-php/look.ts';
import { parseCount, siteUsers } from '../../scripts/checks/site-user/look.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { planOf } from '../render/golden.ts';
import { failsWithHint } from './fails-with-hint.ts';
import { healthy, type Seen } from './healthy.ts';

const layers = ['site-files', 'site-php', 'site-database', 'site-user', 'database-door'];
const judgeLayers = (plan: Plan, seen: Seen) => judge(plan, seen).filter(({ id }) => layers.includes(id));

test('layers in which all is well pass, and each check says what it saw', async (t) => {
  const plan = await planOf('web');
  t.deepEqual(
    judgeLayers(plan, healthy(plan)).map(({ id, ok, observed }) => [id, ok, observed]),
    [
      ['site-files', true, 'rs1, rs2, php'],
      ['site-php', true, 'rs1, rs2'],
      ['site-database', true, 'php logged in on mysql'],
      ['site-user', true, '1 in wp_users'],
      ['database-door', true, 'no connection from rs1, rs2, nfs'],
    ],
  );
});

const mount = (node: string, more: Partial<MountSeen>) => (seen: Seen) => {
  seen.set(siteMount, node, { ...seen.of(siteMount, node), ...more });
};
const unit = (node: string, name: string, state: string) => (seen: Seen) => {
  seen.set(siteUnits, node, new Map([[name, state]]));
};
const login = (code: number, words: string) => (seen: Seen) => seen.set(databaseLogin, 'php', { code, words });

const damages: [title: string, check: string, damage: (seen: Seen) => void, hint: RegExp][] = [
  [
    'the NFS server is stopped',
    'site-files',
    unit('nfs', 'nfs-server.service', 'inactive'),
    /NFS server does not run on nfs.*systemctl start nfs-server/,
  ],
  [
    'a real server has mounted nothing',
    'site-files',
    mount('rs1', { source: '' }),
    /not as planned on rs1; npx lab up web/,
  ],
  ['a real server has mounted something else', 'site-files', mount('rs1', { source: '172.16.10.9:/' }), /findmnt/],
  ['a mount that does not answer', 'site-files', mount('php', { readable: false }), /findmnt/],
  ['a mount that the next boot would not know', 'site-files', mount('rs2', { inFstab: false }), /lab up web/],
  [
    'PHP-FPM is down',
    'site-php',
    unit('php', 'php8.4-fpm.service', 'failed'),
    /PHP-FPM does not run on php; .*systemctl start php8\.4-fpm/,
  ],
  [
    'a real server does not find PHP',
    'site-php',
    (seen) => seen.set(phpStatus, 'rs2', 503),
    /web server of rs2.*rs2 -- tail \S+error\.log/,
  ],
  ['MariaDB is down', 'site-database', unit('mysql', 'mariadb.service', 'inactive'), /MariaDB does not run on mysql/],
  [
    'a wrong password',
    'site-database',
    login(1045, 'Access denied'),
    /DB_PASSWORD.*on php; npx lab up web; \/etc\/wordpress\/config-default.php/,
  ],
  ['a database that is not reached', 'site-database', login(2002, 'No route'), /gets no connection.*ss -ltn/],
  [
    'WordPress without a user',
    'site-user',
    (seen) => seen.set(siteUsers, 'mysql', 0),
    /half set up.*mysql -- "mariadb/,
  ],
  ['a database that is open to all', 'database-door', (seen) => seen.set(openDoor, 'rs1', true), /lab up web/],
];

for (const [title, check, damage, hint] of damages) {
  test(`${title}: ${check} fails, and its hint helps`, async (t) => {
    const plan = await planOf('web');
    const seen = healthy(plan);
    damage(seen);
    const failed = judgeLayers(plan, seen).filter(({ ok }) => !ok);
    t.deepEqual(
      failed.map(({ id }) => id),
      [check],
    );
    failsWithHint(t, failed[0], plan, hint);
  });
}

test('without the files PHP is not checked', async (t) => {
  const plan = await planOf('web');
  const seen = healthy(plan);
  unit('nfs', 'nfs-server.service', 'inactive')(seen);
  for (const name of ['rs1', 'rs2']) seen.set(phpStatus, name, 404);
  t.deepEqual(
    judgeLayers(plan, seen).map(({ id, ok }) => [id, ok]),
    [
      ['site-files', false],
      ['site-database', true],
      ['site-user', true],
      ['database-door', true],
    ],
  );
});

test('what a machine of the site prints', (t) => {
  const mounted = '@@mount\n172.16.10.20:/ nfs4\n@@fstab\n172.16.10.20:/ /srv/site nfs4 hard 0 0\n@@readable\nyes\n';
  t.deepEqual(parseMount(mounted), { source: '172.16.10.20:/', type: 'nfs4', inFstab: true, readable: true });
  const nothing = { source: '', type: '', inFstab: false, readable: false };
  t.deepEqual(parseMount('@@mount\n@@fstab\n@@readable\n'), nothing);
  t.deepEqual(['3\n', '0\n', '', 'ERROR 1146'].map(parseCount), [3, 0, undefined, undefined]);
  t.deepEqual([...parseUnits('php8.4-fpm.service active\n')], [['php8.4-fpm.service', 'active']]);
  const refused = "Access denied for user 'wordpress'@'172.16.10.30'";
  t.deepEqual(parseLogin(`1045 ${refused}\n`), { code: 1045, words: refused });
  t.is(parseLogin('none WordPress has no configuration\n').code, -1);
});
