import test from 'ava';
import { projectRoot } from '../../scripts/host/paths.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderer } from '../../scripts/render/render.ts';
import { parseState } from '../../scripts/state/parse.ts';
import { asPlanned, plannedState } from '../../scripts/state/planned.ts';
import { stateScript } from '../../scripts/state/script.ts';
import { sections } from '../../scripts/state/sections/index.ts';
import { differences } from '../../scripts/state/state.ts';
import { comparable } from '../../scripts/state/unread.ts';
import { planOf } from '../render/golden.ts';
import { nic, type Printed, textOf } from './told.ts';

const plan = await planOf('dr');
const node = plan.nodes.find(({ name }) => name === 'rs1') ?? plan.nodes[0];
if (!node) throw new Error('a lab without nodes');

/** Keys that differ, and what could not be read. */
function compared(was: Printed, is: Printed) {
  const recorded = parseState(textOf(was), plan, node as (typeof plan.nodes)[0] & {});
  const { before, after, unread } = comparable('rs1', recorded, parseState(textOf(is), plan, node as never, recorded));
  return { differ: differences('rs1', before, after).map(({ section, key }) => `${section} ${key}`), unread };
}

const table = '@@rules\n-A -t 192.168.1.3:80 -s rr\n@@thresholds\n@@timeouts\nTimeout (tcp tcpfin udp): 900 120 300\n';
const sysctl = { files: '==> ipv4/conf/eth0/arp_ignore <==\n0\n' };

const cases: [title: string, was: Printed, is: Printed, unread: string[]][] = [
  [
    'ipvsadm is missing',
    { ipvs: table },
    { ipvs: '@@rules\n\n@@unread ipvsadm 127 ipvs\n@@thresholds\n@@timeouts\n' },
    ['on rs1, ipvs could not be read: there is no ipvsadm'],
  ],
  [
    'ipvsadm prints something else',
    { ipvs: table },
    { ipvs: '@@rules\nSegmentation fault\n' },
    ['on rs1, ipvs could not be read: ipvsadm printed what is not understood'],
  ],
  [
    'nft is killed within a line',
    { firewall: 'table inet lab {\n\tchain input {\n\t\ttcp dport 22 accept\n\t}\n}\n' },
    { firewall: 'table inet lab {\n\tchain inp\n@@unread nft 137 nft\n' },
    ['on rs1, nft could not be read: nft ended with exit code 137'],
  ],
  [
    'ip prints half of its JSON: devices keep the roles that they had',
    sysctl,
    { ...sysctl, links: JSON.stringify([nic]).slice(0, 50) },
    ['on rs1, nic, link, address could not be read: ip printed what is not understood'],
  ],
  [
    'there are too many files for one process',
    { files: '==> ipv4/ip_forward <==\n1\n\n==> /etc/hosts <==\n127.0.0.1 localhost\n' },
    { files: '\n@@unread head 126 sysctl file\n@@modes\n' },
    ['on rs1, sysctl, file could not be read: head ended with exit code 126'],
  ],
  [
    'one command of ip fails: the others count',
    { routing: 'default via 192.168.1.1 dev eth0\nid 5 via 192.168.1.9 dev eth0 scope link\n' },
    { routing: '@@again\ndefault via 192.168.1.1 dev eth0\n\n@@unread ip 1 nexthop\n' },
    ['on rs1, nexthop could not be read: ip ended with exit code 1'],
  ],
  [
    'what was not read when the state was recorded is not new',
    { firewall: '\n@@unread nft 1 nft\n' },
    { firewall: 'table inet lab {\n}\n' },
    ['when the state of rs1 was recorded, nft could not be read: nft ended with exit code 1'],
  ],
];

for (const [title, was, is, unread] of cases) {
  test(`what could not be read is not gone: ${title}`, (t) => {
    t.deepEqual(compared(was, is), { differ: [], unread });
  });
}

test('what else differs is still told', (t) => {
  const is = { firewall: '\n@@unread nft 1 nft\n', files: '==> ipv4/conf/eth0/arp_ignore <==\n1\n' };
  t.deepEqual(compared(sysctl, is).differ, ['sysctl net.ipv4.conf.front.arp_ignore']);
});

test('without a record a node lacks nothing of the plan that could not be read', (t) => {
  const seen = parseState('@@state links\n\n@@unread ip 127 nic link address\n@@state end\n', plan, node);
  const { before, after, unread } = comparable('rs1', asPlanned(plannedState(plan, node), seen), seen);
  t.deepEqual(differences('rs1', before, after), []);
  t.deepEqual(unread, ['on rs1, nic, link, address could not be read: there is no ip']);
});

test('scripts name sections that there are', async (t) => {
  const text = stateScript(renderer(await loadTemplates(projectRoot)), { ...plan, family: 6 }, node);
  const known = sections.map(({ name }) => name);
  const named = [...text.matchAll(/\bunread \S+ \$\S+ ([a-z0-9 ]+)/g)].flatMap(([, names = '']) =>
    names.trim().split(' '),
  );
  t.true(named.length > 15);
  t.deepEqual(
    named.filter((name) => !known.includes(name)),
    [],
  );
});
