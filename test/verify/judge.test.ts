import test from 'ava';
import type { Plan } from '../../scripts/plan/plan.ts';
import type { ClockSeen } from '../../scripts/verify/clock-seen.ts';
import type { FirewallSeen } from '../../scripts/verify/firewall-seen.ts';
import { judge } from '../../scripts/verify/judge.ts';
import type { Observations, ServiceSeen } from '../../scripts/verify/observations.ts';
import { parseDirector } from '../../scripts/verify/parse-observations.ts';
import { hintText } from '../checks/hint-text.ts';
import { allLabs, planOf } from '../render/golden.ts';
import { healthy, MAC } from './healthy.ts';

const failing = (plan: Plan, seen: Observations) => judge(plan, seen).filter(({ ok }) => !ok);
const ids = (plan: Plan, seen: Observations) => failing(plan, seen).map(({ id }) => id);

const labs = await allLabs();
for (const mode of labs) {
  test(`a healthy ${mode} lab passes every check`, async (t) => {
    const plan = await planOf(mode);
    t.deepEqual(failing(plan, healthy(plan)), []);
  });
}

/** The one service of most labs. */
const first = ({ client }: Observations): ServiceSeen => client.services[0] ?? { answers: [], replies: [] };

type Damage = (seen: Observations) => void;
const damages: [title: string, mode: string, check: string, damage: Damage][] = [
  ['an answer out of turn', 'dr', 'sequence', (seen) => first(seen).answers.reverse()],
  [
    'a page that names no server of the lab',
    'dr',
    'answers',
    (seen) => Object.assign(first(seen).answers[3] ?? {}, { server: 'rs9' }),
  ],
  ['no request sent at all', 'dr', 'answers', (seen) => first(seen).answers.splice(0)],
  ['one connection less than requests', 'dr', 'counted', ({ director }) => (director.after.connections -= 1)],
  [
    'two requests over one connection',
    'dr',
    'counted',
    (seen) => Object.assign(first(seen).answers[1] ?? {}, { localPort: 20000 }),
  ],
  [
    'another server answered than IPVS chose',
    'dr',
    'counted',
    ({ director }) => Object.assign(director.connections[0] ?? {}, { realServer: '192.168.1.4' }),
  ],
  ['answers through the director in DR', 'dr', 'fingerprint', ({ director }) => (director.after.outPackets = 9)],
  ['nothing through IPVS', 'tun', 'fingerprint', ({ director }) => (director.after.inPackets = 0)],
  ['no answers through the director in NAT', 'nat', 'fingerprint', ({ director }) => (director.after.outPackets = 0)],
  [
    'nothing out of tunl0',
    'tun',
    'tunnel',
    ({ realServers }) => Object.assign(realServers.get('rs1') ?? {}, { tunnelAfter: 0 }),
  ],
  ['no tunl0', 'tun', 'rp-filter', ({ realServers }) => realServers.get('rs1')?.sysctls.delete('tunl0.rp_filter')],
  [
    'strict filter by "all"',
    'tun',
    'rp-filter',
    ({ realServers }) => realServers.get('rs1')?.sysctls.set('all.rp_filter', 1),
  ],
  [
    'an answer from the RIP',
    'nat',
    'source',
    (seen) => Object.assign(first(seen).replies[0] ?? {}, { source: '172.16.10.100' }),
  ],
  [
    'an answer by the wrong NIC',
    'dr',
    'source',
    (seen) => Object.assign(first(seen).replies[0] ?? {}, { sender: MAC.director }),
  ],
  ['no answer seen on the wire', 'dr', 'source', (seen) => first(seen).replies.splice(0)],
  [
    'the client takes rs1 for the VIP',
    'dr',
    'neighbour',
    ({ client }) => Object.assign(client.vips.get('192.168.1.3') ?? {}, { neighbour: MAC.rs1 }),
  ],
  ['nobody answers ARP', 'dr', 'arp-owner', ({ client }) => client.vips.get('192.168.1.3')?.owners.splice(0)],
  ['rs2 answers ARP too', 'tun', 'arp-owner', ({ client }) => client.vips.get('192.168.1.3')?.owners.push(MAC.rs2)],
  ['no service in the table', 'dr', 'table', ({ director }) => director.rules.splice(0)],
  [
    'a stranger in the table',
    'dr',
    'table',
    ({ director }) => Object.assign(director.rules[0]?.servers[0] ?? {}, { address: '192.168.1.77' }),
  ],
  [
    'another forwarding method',
    'dr',
    'table',
    ({ director }) => Object.assign(director.rules[0]?.servers[0] ?? {}, { forwarding: 'nat' }),
  ],
  [
    'a threshold that nobody planned',
    'dr',
    'table',
    ({ director }) => Object.assign(director.rules[0]?.servers[0] ?? {}, { upper: 1 }),
  ],
  [
    'the one by TUN is routed directly',
    'mixed-modes',
    'table',
    ({ director }) => Object.assign(director.rules[0]?.servers[1] ?? {}, { forwarding: 'dr' }),
  ],
  [
    'the one by NAT answers past the director',
    'mixed-modes',
    'source',
    (seen) => Object.assign(first(seen).replies[0] ?? {}, { sender: '52:54:00:02:05:03' }),
  ],
  [
    'the one by DR lacks the VIP',
    'mixed-modes',
    'vip',
    ({ realServers }) => realServers.get('rs1')?.addresses.splice(0),
  ],
  [
    'the one by NAT lacks its gateway',
    'mixed-modes',
    'gateway',
    ({ realServers }) => Object.assign(realServers.get('rs3') ?? {}, { gateway: undefined }),
  ],
  ['nothing through the director', 'mixed-modes', 'fingerprint', ({ director }) => (director.after.outPackets = 0)],
  ['a time-out changed by hand', 'thresholds', 'settings', ({ director }) => director.settings.set('tcpfin', 120)],
  ['the director without the VIP', 'dr', 'director-vip', ({ director }) => director.addresses.splice(0)],
  [
    'the backup has the VIP too',
    'ha',
    'vrrp',
    ({ pair }) => pair.get('backup')?.addresses[0]?.addresses.push('192.168.1.3/32'),
  ],
  [
    'no keepalived on the backup',
    'ha',
    'vrrp',
    ({ pair }) => Object.assign(pair.get('backup') ?? {}, { state: undefined }),
  ],
  ['the director has left', 'ha', 'vrrp', ({ pair }) => Object.assign(pair.get('director') ?? {}, { state: 'BACKUP' })],
  ['the director tells nobody', 'ha', 'sync-daemons', ({ pair }) => pair.get('director')?.daemons.delete('master')],
  ['the backup does not listen', 'ha', 'sync-daemons', ({ pair }) => pair.get('backup')?.daemons.delete('backup')],
  [
    'it listens to others',
    'ha',
    'sync-daemons',
    ({ pair }) => pair.get('backup')?.daemons.set('backup', 'mcast=eth0, syncid=12'),
  ],
  ['the backup lacks a service', 'ha', 'backup-table', ({ pair }) => pair.get('backup')?.rules.pop()],
  ['the director without the VIP, of two', 'ha', 'director-vip', ({ director }) => director.addresses.splice(0)],
  [
    'the client takes the backup for the VIP',
    'ha',
    'neighbour',
    ({ client }) => Object.assign(client.vips.get('192.168.1.3') ?? {}, { neighbour: '52:54:00:01:0d:02' }),
  ],
  [
    'the backup answers ARP too',
    'ha',
    'arp-owner',
    ({ client }) => client.vips.get('192.168.1.3')?.owners.push('52:54:00:01:0d:02'),
  ],
  ['no forwarding', 'nat', 'forwarding', ({ director }) => Object.assign(director, { forward: false })],
  [
    'a dead Apache',
    'nat',
    'reachable',
    ({ director }) => Object.assign(director.reach[0]?.[0] ?? {}, { status: 0, server: undefined, error: 'refused' }),
  ],
  [
    'VIP on the wrong interface',
    'dr',
    'vip',
    ({ realServers }) => Object.assign(realServers.get('rs1')?.addresses[0] ?? {}, { name: 'eth0' }),
  ],
  [
    'arp_announce too small',
    'dr',
    'arp-quiet',
    ({ realServers }) => realServers.get('rs1')?.sysctls.set('all.arp_announce', 1),
  ],
  [
    'another gateway',
    'nat',
    'gateway',
    ({ realServers }) => Object.assign(realServers.get('rs2') ?? {}, { gateway: '172.16.0.1' }),
  ],
  ['the VIP on the NIC', 'dr', 'arp-quiet', ({ realServers }) => addAddress(realServers, 'rs1', '192.168.1.3/24')],
  [
    'the VIP with a whole network on lo',
    'dr',
    'vip',
    ({ realServers }) => realServers.get('rs1')?.addresses[0]?.addresses.splice(0, 1, '192.168.1.3/24'),
  ],
  ['no rule that marks', 'fwmark', 'marks', ({ director }) => Object.assign(director, { marks: '' })],
  [
    'one of the ports is not marked',
    'fwmark',
    'marks',
    ({ director }) => Object.assign(director, { marks: director.marks.replace('80, ', '') }),
  ],
  [
    'a mark of another number',
    'fwmark',
    'marks',
    ({ director }) => Object.assign(director, { marks: director.marks.replace('0x00000001', '0x00000002') }),
  ],
  ['persistence that nobody planned', 'dr', 'table', ({ director }) => setOptions(director, '-p 300')],
  ['one-packet scheduling is off', 'ops', 'table', ({ director }) => setOptions(director, '')],
  ['ops: all packets to one server', 'ops', 'sequence', (seen) => setServers(first(seen), 'rs1')],
  ['ops: an answer with the RIP', 'ops', 'source', (seen) => setSource(first(seen), '192.168.1.4')],
  [
    'ops: nothing was counted',
    'ops',
    'counted',
    ({ director }) => (director.after.connections = director.before.connections),
  ],
  [
    'tunnels of another type',
    'tun-gue',
    'table',
    ({ director }) => Object.assign(director.rules[0]?.servers[0] ?? {}, { tunnel: '--tun-type ipip' }),
  ],
  ['no fou', 'tun-gue', 'gue', ({ realServers }) => realServers.get('rs1')?.fou.splice(0)],
  [
    'fou for something else than GUE',
    'tun-gue',
    'gue',
    ({ realServers }) => realServers.get('rs1')?.fou.splice(0, 1, 'port 6080 ipproto 4'),
  ],
  [
    'gre0 filters',
    'tun-gre',
    'rp-filter',
    ({ realServers }) => realServers.get('rs1')?.sysctls.set('gre0.rp_filter', 1),
  ],
  ['the router does not forward', 'tun-remote', 'router', ({ router }) => router?.sysctls.set('forwarding', 0)],
  ['the router filters', 'tun-remote', 'router', ({ router }) => router?.sysctls.set('all.rp_filter', 1)],
  [
    'a remote real server without a way back',
    'tun-remote',
    'gateway',
    ({ realServers }) => Object.assign(realServers.get('rs1') ?? {}, { gateway: undefined }),
  ],
  [
    'answers that do not come by the router',
    'tun-remote',
    'source',
    (seen) => Object.assign(first(seen).replies[0] ?? {}, { sender: MAC.director }),
  ],
  ['the VIP on a NIC', 'ipv6-dr', 'arp-quiet', ({ realServers }) => addAddress(realServers, 'rs1', 'fd00:1::3/128')],
  [
    'rs1 answers solicitations',
    'ipv6-dr',
    'arp-owner',
    ({ client }) => client.vips.get('fd00:1::3')?.owners.push(MAC.rs1),
  ],
  ['no forwarding of IPv6', 'ipv6-nat', 'forwarding', ({ director }) => Object.assign(director, { forward: false })],
  [
    'LocalNode: answers that IPVS did not see leave',
    'localnode',
    'fingerprint',
    ({ director }) => (director.after.outPackets = 0),
  ],
  [
    'LocalNode: an answer of the director by the other NIC',
    'localnode',
    'source',
    (seen) => Object.assign(first(seen).replies[1] ?? {}, { sender: MAC.rs1 }),
  ],
  [
    'the second VIP is missing on the director',
    'services',
    'director-vip',
    ({ director }) => director.addresses[0]?.addresses.splice(1),
  ],
  [
    'the second VIP is missing on rs3',
    'services',
    'vip',
    ({ realServers }) => realServers.get('rs3')?.addresses[0]?.addresses.splice(1),
  ],
  ['nobody reads FTP', 'ftp', 'helper', ({ director }) => director.helpers.splice(0)],
  ['a dead name server', 'services', 'reachable', ({ director }) => director.reach[2]?.splice(0)],
  ['the second service is missing', 'services', 'table', ({ director }) => director.rules.splice(1, 1)],
  [
    'rs1 claims the second VIP',
    'services',
    'neighbour',
    ({ client }) => Object.assign(client.vips.get('192.168.1.9') ?? {}, { neighbour: MAC.rs1 }),
  ],
  ['held connections out of order', 'held', 'sequence', (seen) => first(seen).answers.reverse()],
  [
    'chrony is down',
    'nat-centos',
    'clock',
    (seen) => setClock(seen, { error: '506 Cannot talk to daemon', synchronised: false }),
  ],
  ['a clock of its own', 'nat-centos', 'clock', (seen) => setClock(seen, { synchronised: false, source: undefined })],
  ['the time of somebody else', 'nat-centos', 'clock', (seen) => setClock(seen, { source: '10.10.0.12' })],
  ['the director is silent', 'nat-centos', 'clock', (seen) => setClock(seen, { selected: false })],
  ['a clock that is off', 'nat-centos', 'clock', (seen) => setClock(seen, { offset: 0.2 })],
  ['firewalld on the client', 'dr', 'firewall', (seen) => setFirewall(seen, 'client', { firewalld: 'active' })],
  ['SELinux on rs1', 'dr', 'firewall', (seen) => setFirewall(seen, 'rs1', { enforcing: true })],
  ['a firewall on rs1', 'dr', 'firewall', (seen) => setFirewall(seen, 'rs1', drops('inet', 'input'))],
  ['a firewall on the director', 'nat', 'firewall', (seen) => setFirewall(seen, 'director', drops('ip', 'forward'))],
  ['a firewall on the router', 'tun-remote', 'firewall', (seen) => setFirewall(seen, 'router', drops('ip', 'forward'))],
  ['a firewall of IPv6', 'ipv6-dr', 'firewall', (seen) => setFirewall(seen, 'rs1', drops('ip6', 'input'))],
];

function setClock({ realServers }: Observations, damage: Partial<ClockSeen>): void {
  Object.assign(realServers.get('node1')?.clock ?? {}, damage);
}

function setFirewall({ firewalls }: Observations, node: string, damage: Partial<FirewallSeen>): void {
  Object.assign(firewalls.get(node) ?? {}, damage);
}

function drops(family: string, hook: string): Partial<FirewallSeen> {
  return { filters: [{ table: `${family} own`, chain: hook, hook, what: 'policy drop' }] };
}

const harmless: [title: string, mode: string, node: string, damage: Partial<FirewallSeen>][] = [
  ['of the other family', 'dr', 'rs1', drops('ip6', 'input')],
  ['of ARP, where there is none', 'ipv6-dr', 'rs1', drops('arp', 'input')],
  ['of what is forwarded, where nothing is', 'dr', 'director', drops('inet', 'forward')],
  ['of what a router is asked itself', 'tun-remote', 'router', drops('ip', 'input')],
  ['that is off', 'dr', 'rs1', { firewalld: 'inactive' }],
];

for (const [title, mode, node, damage] of harmless) {
  test(`${mode}: a firewall ${title} is in nobody's way`, async (t) => {
    const plan = await planOf(mode);
    const seen = healthy(plan);
    setFirewall(seen, node, damage);
    t.deepEqual(ids(plan, seen), []);
  });
}

test('a firewall is named with its table, chain and rule, and how to open it', async (t) => {
  const plan = await planOf('dr');
  const seen = healthy(plan);
  setFirewall(seen, 'rs1', drops('inet', 'input'));
  setFirewall(seen, 'rs2', { firewalld: 'active', enforcing: true });
  const [found] = failing(plan, seen);
  t.is(found?.observed, 'rs1: table inet own, chain input: policy drop; rs2: firewalld is active, SELinux enforces');
  t.regex(
    hintText(found?.hint, 'dr'),
    /lab ssh dr rs1 -- nft list ruleset shows it, nft delete table inet own opens it/,
  );
  t.regex(hintText(found?.hint, 'dr'), /rs2: lab up dr stops firewalld and makes SELinux permissive$/);
});

function setOptions({ rules }: Observations['director'], options: string): void {
  if (rules[0]) rules[0] = { ...rules[0], options };
}

function setServers({ answers }: ServiceSeen, server: string): void {
  for (const answer of answers) answer.server = server;
}

function setSource({ replies }: ServiceSeen, source: string): void {
  for (const reply of replies) reply.source = source;
}

function addAddress(realServers: Observations['realServers'], node: string, address: string): void {
  realServers
    .get(node)
    ?.addresses.find(({ name }) => name === 'eth0')
    ?.addresses.push(address);
}

test('in a lab of several services a check says which one it is about', async (t) => {
  const plan = await planOf('services');
  const seen = healthy(plan);
  seen.director.rules.splice(2, 1);
  t.deepEqual(
    failing(plan, seen).map(({ id, service }) => `${id} ${service}`),
    ['table UDP 192.168.1.9:53'],
  );
});

for (const [title, mode, check, damage] of damages) {
  test(`${mode}: ${title} fails ${check}, with a hint`, async (t) => {
    const plan = await planOf(mode);
    const seen = healthy(plan);
    damage(seen);
    t.true(ids(plan, seen).includes(check), `failed: ${ids(plan, seen)}`);
    for (const { hint, observed } of failing(plan, seen)) {
      t.truthy(hint);
      t.truthy(observed);
    }
  });
}

test('an rr sequence that goes on from an earlier one is right, a fresh table starts with the last server added', async (t) => {
  const plan = await planOf('dr');
  const seen = healthy(plan);
  const { answers, replies } = first(seen);
  for (const [index, answer] of answers.entries()) {
    answer.server = plan.realServers[index % 2]?.node;
    Object.assign(seen.director.connections[index] ?? {}, { realServer: plan.realServers[index % 2]?.address ?? '' });
    Object.assign(replies[index] ?? {}, { sender: index % 2 ? MAC.rs2 : MAC.rs1 });
  }
  t.deepEqual(ids(plan, seen), ['sequence']);
  seen.director.before.connections = 7;
  seen.director.after.connections = 7 + answers.length;
  t.deepEqual(ids(plan, seen), []);
});

test('a connection that IPVS forgot before the last request counts when it was seen meanwhile; else it is named', async (t) => {
  const plan = await planOf('dr');
  const line = (port: number, server: string) =>
    `TCP C0A80164 ${port.toString(16).toUpperCase()} C0A80103 0050 ${server} 0050 CLOSE  9`;
  const table = (...lines: string[]) => `@@connections\n${lines.join('\n')}\n`;
  const seen = healthy(plan);
  const [forgotten, ...others] = seen.director.connections;
  const port = forgotten?.clientPort ?? 0;
  const server = forgotten?.realServer === '192.168.1.4' ? 'C0A80104' : 'C0A80105';
  seen.director.connections = [...parseDirector('', [], table(), plan.services).connections, ...others];
  t.deepEqual(ids(plan, seen), ['counted']);
  const counted = failing(plan, seen)[0]?.observed ?? '';
  t.true(counted.includes(`TCP from port ${port}, answered by `) && counted.endsWith('is not in it'), counted);
  const meanwhile = parseDirector('', [table(line(port, server))], table(), plan.services).connections;
  seen.director.connections = [...meanwhile, ...others];
  t.deepEqual(ids(plan, seen), []);
});

test('persistence of another service on the same VIP is none of this one', async (t) => {
  const plan = await planOf('persistence');
  const seen = healthy(plan);
  seen.director.before.connections = 1;
  seen.director.after.connections = 1 + first(seen).answers.length;
  seen.director.connectionsBefore.push({
    protocol: 'TCP',
    client: '192.168.1.100',
    clientPort: 0,
    vip: '192.168.1.3',
    port: 443,
    realServer: '192.168.1.4',
    realPort: 443,
    state: 'NONE',
    expires: 50,
  });
  t.deepEqual(ids(plan, seen), []);
});

test('a service by mark: whom persistence has bound is read from a template of protocol IP, with the mark for a VIP', async (t) => {
  const plan = await planOf('fwmark');
  const [service] = plan.services;
  if (!service) return t.fail();
  service.persistence = 300;
  const seen = healthy(plan);
  seen.director.before.connections = 5;
  seen.director.after.connections = 5 + service.requests;
  seen.director.connectionsBefore.push({
    protocol: 'IP',
    client: '192.168.1.100',
    clientPort: 0,
    vip: '0.0.0.1',
    port: 0,
    realServer: '192.168.1.5',
    realPort: 0,
    state: 'NONE',
    expires: 280,
  });
  const { answers, replies } = first(seen);
  for (const [index] of answers.entries()) {
    Object.assign(answers[index] ?? {}, { server: 'rs2' });
    Object.assign(seen.director.connections[index] ?? {}, { realServer: '192.168.1.5' });
    Object.assign(replies[index] ?? {}, { sender: MAC.rs2 });
  }
  t.deepEqual(ids(plan, seen), []);
});
