import test from 'ava';
import type { Plan, PlannedSite } from '../../scripts/plan/plan.ts';
import { judgeLayers } from '../../scripts/verify/checks/site-layers.ts';
import { parseSiteNode, type SiteNodeSeen } from '../../scripts/verify/site-seen.ts';
import { hintText } from '../checks/hint-text.ts';
import { planOf } from '../render/golden.ts';

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

/** What the machines of lab web show when all is well. */
const good = () =>
  new Map([
    ['rs1', node({ ...mounted, program: 200 })],
    ['rs2', node({ ...mounted, program: 200 })],
    ['nfs', node({ units: new Map([['nfs-server.service', 'active']]) })],
    [
      'php',
      node({ ...mounted, units: new Map([['php8.4-fpm.service', 'active']]), login: { code: 0, words: 'connected' } }),
    ],
    ['mysql', node({ units: new Map([['mariadb.service', 'active']]) })],
  ]);

function site(plan: Plan): PlannedSite {
  if (!plan.site) throw new Error('no site');
  return plan.site;
}

test('layers in which all is well pass, and each check says what it saw', async (t) => {
  const plan = await planOf('web');
  t.deepEqual(
    judgeLayers(plan, site(plan), good()).map(({ id, ok, observed }) => [id, ok, observed]),
    [
      ['site-files', true, 'so on rs1, rs2, php'],
      ['site-php', true, 'so on rs1, rs2'],
      ['site-database', true, 'php on mysql'],
      ['database-door', true, 'refused on rs1, rs2, nfs'],
    ],
  );
});

type Nodes = Map<string, SiteNodeSeen>;
const change = (name: string, more: Partial<SiteNodeSeen>) => (nodes: Nodes) => {
  nodes.set(name, { ...(nodes.get(name) ?? node()), ...more });
};

const damages: [title: string, check: string, damage: (nodes: Nodes) => void, hint: RegExp][] = [
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
];

for (const [title, check, damage, hint] of damages) {
  test(`${title}: ${check} fails, and its hint helps`, async (t) => {
    const plan = await planOf('web');
    const nodes = good();
    damage(nodes);
    const failed = judgeLayers(plan, site(plan), nodes).filter(({ ok }) => !ok);
    t.deepEqual(
      failed.map(({ id }) => id),
      [check],
    );
    t.regex(hintText(failed[0]?.hint, plan.lab), hint);
  });
}

test('without the files nobody asks whether PHP runs programs', async (t) => {
  const plan = await planOf('web');
  const nodes = good();
  change('nfs', { units: new Map([['nfs-server.service', 'inactive']]) })(nodes);
  for (const name of ['rs1', 'rs2']) change(name, { program: 404 })(nodes);
  t.deepEqual(
    judgeLayers(plan, site(plan), nodes).map(({ id, ok }) => [id, ok]),
    [
      ['site-files', false],
      ['site-database', true],
      ['database-door', true],
    ],
  );
});

test('what the script prints that looks at a machine of the site', (t) => {
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
