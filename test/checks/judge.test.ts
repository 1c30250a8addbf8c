import test from 'ava';
import { owners } from '../../scripts/checks/arp-owner/look.ts';
import { type ClockSeen, clockLook } from '../../scripts/checks/clock/look.ts';
import { type FirewallSeen, firewallLook } from '../../scripts/checks/firewall/look.ts';
import { forwards } from '../../scripts/checks/forwarding/look.ts';
import { fou } from '../../scripts/checks/gue/look.ts';
import { helpers } from '../../scripts/checks/helper/look.ts';
import { judge } from '../../scripts/checks/judge.ts';
import { addresses } from '../../scripts/checks/looks/addresses.ts';
import { type Answer, answers } from '../../scripts/checks/looks/answers.ts';
import { connections } from '../../scripts/checks/looks/connections.ts';
import { counters } from '../../scripts/checks/looks/counters.ts';
import { nics } from '../../scripts/checks/looks/nics.ts';
import { printedBy } from '../../scripts/checks/looks/script.ts';
import { sysctls } from '../../scripts/checks/looks/sysctls.ts';
import { table } from '../../scripts/checks/looks/table.ts';
import { type Way, waysBack } from '../../scripts/checks/looks/way-back.ts';
import { marksLook } from '../../scripts/checks/marks/look.ts';
import { neighbours } from '../../scripts/checks/neighbour/look.ts';
import { type Reached, reach } from '../../scripts/checks/reachable/look.ts';
import { routerSysctls } from '../../scripts/checks/router/look.ts';
import { settingsLook } from '../../scripts/checks/settings/look.ts';
import { capture } from '../../scripts/checks/source/look.ts';
import { daemons } from '../../scripts/checks/sync-daemons/look.ts';
import { tunnelPackets } from '../../scripts/checks/tunnel/look.ts';
import { vrrpStates } from '../../scripts/checks/vrrp/look.ts';
import { type Plan, theNode } from '../../scripts/plan/plan.ts';
import { allLabs, planOf } from '../render/golden.ts';
import { screenOf } from '../report/screen-of.ts';
import { healthy, MAC, type Seen } from './healthy.ts';
import { hintProblems, hintText } from './hint-text.ts';
import { silence } from './silence.ts';

const failing = (plan: Plan, seen: Seen) => judge(plan, seen).filter(({ ok }) => !ok);
/** Lines of the screen that are wider than a narrow terminal. */
const tooWide = (plan: Plan, seen: Seen) =>
  screenOf(plan, seen).filter((line) => [...line].length > 80 && !/npx lab ssh/.test(line));
const ids = (plan: Plan, seen: Seen) => failing(plan, seen).map(({ id }) => id);

const lo = { name: 'lo', up: true, mtu: 65_536, queue: 'noqueue' };

const labs = await allLabs();
for (const mode of labs) {
  test(`a healthy ${mode} lab passes every check`, async (t) => {
    const plan = await planOf(mode);
    const seen = healthy(plan);
    t.deepEqual(failing(plan, seen), []);
    t.deepEqual(tooWide(plan, seen), []);
  });
}

/** Answers of the first service, which is the only one of most labs. */
const answersIn = (seen: Seen): Answer[] => [...seen.of(answers, 'client').values()][0]?.answers ?? [];
const repliesIn = (seen: Seen) => seen.of(capture, 'client').replies;
const countersIn = (seen: Seen) => seen.of(counters, 'director');
const connectionsIn = (seen: Seen) => seen.of(connections, 'director');
const rulesIn = (seen: Seen, node = 'director') => seen.of(table, node);
const addressesOn = (seen: Seen, node: string) => seen.of(addresses, node);
const sysctlsOn = (seen: Seen, node: string) => seen.of(sysctls, node);
const ownersOf = (seen: Seen, vip: string) => seen.of(owners, 'client').get(vip);

type Damage = (seen: Seen) => void;
const damages: [title: string, mode: string, check: string, damage: Damage][] = [
  ['an answer out of turn', 'dr', 'sequence', (seen) => answersIn(seen).reverse()],
  [
    'a page that names no server of the lab',
    'dr',
    'answers',
    (seen) => Object.assign(answersIn(seen)[3] ?? {}, { server: 'rs9' }),
  ],
  ['no request sent at all', 'dr', 'answers', (seen) => answersIn(seen).splice(0)],
  ['one connection less than requests', 'dr', 'counted', (seen) => (countersIn(seen).after.connections -= 1)],
  [
    'two requests over one connection',
    'dr',
    'counted',
    (seen) => Object.assign(answersIn(seen)[1] ?? {}, { localPort: 20000 }),
  ],
  [
    'another server answered than IPVS chose',
    'dr',
    'counted',
    (seen) => Object.assign(connectionsIn(seen).since[0] ?? {}, { realServer: '192.168.1.4' }),
  ],
  ['answers through the director in DR', 'dr', 'fingerprint', (seen) => (countersIn(seen).after.outPackets = 9)],
  ['nothing through IPVS', 'tun', 'fingerprint', (seen) => (countersIn(seen).after.inPackets = 0)],
  ['no answers through the director in NAT', 'nat', 'fingerprint', (seen) => (countersIn(seen).after.outPackets = 0)],
  ['nothing out of tunl0', 'tun', 'tunnel', (seen) => (seen.of(tunnelPackets, 'rs1').after = 0)],
  ['no tunl0', 'tun', 'rp-filter', silent((seen) => sysctlsOn(seen, 'rs1').delete('tunl0.rp_filter'), 'rs1')],
  [
    'strict filter by "all"',
    'tun',
    'rp-filter',
    silent((seen) => sysctlsOn(seen, 'rs1').set('all.rp_filter', 1), 'rs1'),
  ],
  [
    'an answer from the RIP',
    'nat',
    'source',
    (seen) => Object.assign(repliesIn(seen)[0] ?? {}, { source: '172.16.10.100' }),
  ],
  [
    'an answer by the wrong NIC',
    'dr',
    'source',
    (seen) => Object.assign(repliesIn(seen)[0] ?? {}, { sender: MAC.director }),
  ],
  ['no answer seen on the wire', 'dr', 'source', (seen) => repliesIn(seen).splice(0)],
  [
    'the client takes rs1 for the VIP',
    'dr',
    'neighbour',
    (seen) => seen.of(neighbours, 'client').set('192.168.1.3', MAC.rs1),
  ],
  ['nobody answers ARP', 'dr', 'arp-owner', (seen) => ownersOf(seen, '192.168.1.3')?.splice(0)],
  ['rs2 answers ARP too', 'tun', 'arp-owner', (seen) => ownersOf(seen, '192.168.1.3')?.push(MAC.rs2)],
  ['no service in the table', 'dr', 'table', (seen) => rulesIn(seen).splice(0)],
  [
    'a stranger in the table',
    'dr',
    'table',
    (seen) => Object.assign(rulesIn(seen)[0]?.servers[0] ?? {}, { address: '192.168.1.77' }),
  ],
  [
    'another forwarding method',
    'dr',
    'table',
    (seen) => Object.assign(rulesIn(seen)[0]?.servers[0] ?? {}, { forwarding: 'nat' }),
  ],
  [
    'a threshold that nobody planned',
    'dr',
    'table',
    (seen) => Object.assign(rulesIn(seen)[0]?.servers[0] ?? {}, { upper: 1 }),
  ],
  [
    'the one by TUN is routed directly',
    'mixed-modes',
    'table',
    (seen) => Object.assign(rulesIn(seen)[0]?.servers[1] ?? {}, { forwarding: 'dr' }),
  ],
  [
    'the one by NAT answers past the director',
    'mixed-modes',
    'source',
    (seen) => Object.assign(repliesIn(seen)[0] ?? {}, { sender: '52:54:00:02:05:03' }),
  ],
  ['the one by DR lacks the VIP', 'mixed-modes', 'vip', silent((seen) => addressesOn(seen, 'rs1').splice(0), 'rs1')],
  [
    'the one by NAT lacks its gateway',
    'mixed-modes',
    'gateway',
    (seen) => leadBack(seen, 'rs3', { error: 'Network is unreachable' }),
  ],
  ['nothing through the director', 'mixed-modes', 'fingerprint', (seen) => (countersIn(seen).after.outPackets = 0)],
  [
    'a time-out changed by hand',
    'thresholds',
    'settings',
    (seen) => seen.of(settingsLook, 'director').set('tcpfin', '120'),
  ],
  ['the director without the VIP', 'dr', 'director-vip', silent((seen) => addressesOn(seen, 'director').splice(0))],
  [
    'the backup has the VIP too',
    'ha',
    'vrrp',
    (seen) => addressesOn(seen, 'backup')[0]?.addresses.push('192.168.1.3/32'),
  ],
  ['no keepalived on the backup', 'ha', 'vrrp', (seen) => seen.set(vrrpStates, 'backup', [])],
  ['the director has left', 'ha', 'vrrp', (seen) => seen.set(vrrpStates, 'director', ['BACKUP'])],
  [
    'the gateway is on the backup',
    'ha-nat',
    'vrrp',
    (seen) =>
      addressesOn(seen, 'backup')[1]?.addresses.push(
        ...(addressesOn(seen, 'director')[1]?.addresses.splice(0, 1) ?? []),
      ),
  ],
  [
    'a broken link in one of two networks',
    'ha-nat',
    'vrrp',
    (seen) => seen.set(vrrpStates, 'director', ['MASTER', 'FAULT']),
  ],
  ['the backup does not forward', 'ha-nat', 'forwarding', (seen) => seen.set(forwards, 'backup', false)],
  ['the director tells nobody', 'ha', 'sync-daemons', (seen) => seen.of(daemons, 'director').delete('master')],
  ['the backup does not listen', 'ha', 'sync-daemons', (seen) => seen.of(daemons, 'backup').delete('backup')],
  [
    'it listens to others',
    'ha',
    'sync-daemons',
    (seen) => seen.of(daemons, 'backup').set('backup', 'mcast=eth0, syncid=12'),
  ],
  ['the backup lacks a service', 'ha', 'backup-table', (seen) => rulesIn(seen, 'backup').pop()],
  [
    'the director without the VIP, of two',
    'ha',
    'director-vip',
    silent((seen) => addressesOn(seen, 'director').splice(0)),
  ],
  [
    'the client takes the backup for the VIP',
    'ha',
    'neighbour',
    (seen) => seen.of(neighbours, 'client').set('192.168.1.3', '52:54:00:01:0d:02'),
  ],
  ['the backup answers ARP too', 'ha', 'arp-owner', (seen) => ownersOf(seen, '192.168.1.3')?.push('52:54:00:01:0d:02')],
  ['answers go straight to the client', 'one-arm', 'gateway', (seen) => leadBack(seen, 'rs2', { via: undefined })],
  ['no forwarding', 'nat', 'forwarding', silent((seen) => seen.set(forwards, 'director', false))],
  [
    'a dead Apache',
    'nat',
    'reachable',
    silent(
      (seen) => Object.assign(reachOf(seen, 0)[0]?.answer ?? {}, { status: 0, server: undefined, error: 'refused' }),
      'rs1',
    ),
  ],
  [
    'VIP on the wrong interface',
    'dr',
    'vip',
    silent((seen) => Object.assign(addressesOn(seen, 'rs1')[0] ?? {}, { name: 'eth0' }), 'rs1'),
  ],
  ['arp_announce too small', 'dr', 'arp-quiet', (seen) => sysctlsOn(seen, 'rs1').set('all.arp_announce', 1)],
  ['another gateway', 'nat', 'gateway', (seen) => leadBack(seen, 'rs2', { via: '172.16.0.1' })],
  [
    'the VIP on the NIC',
    'dr',
    'arp-quiet',
    (seen) => {
      addAddress(seen, 'rs1', '192.168.1.3/24');
      ownersOf(seen, '192.168.1.3')?.push(MAC.rs1);
    },
  ],
  [
    'the VIP with a whole network on lo',
    'dr',
    'vip',
    silent((seen) => addressesOn(seen, 'rs1')[0]?.addresses.splice(0, 1, '192.168.1.3/24'), 'rs1'),
  ],
  ['no rule that marks', 'fwmark', 'marks', silent((seen) => seen.set(marksLook, 'director', ''))],
  ['one of the ports is not marked', 'fwmark', 'marks', silent((seen) => replaceInMarks(seen, '80, ', ''))],
  ['a mark of another number', 'fwmark', 'marks', silent((seen) => replaceInMarks(seen, '0x00000001', '0x00000002'))],
  ['persistence that nobody planned', 'dr', 'table', (seen) => setOptions(seen, '-p 300')],
  ['one-packet scheduling is off', 'ops', 'table', (seen) => setOptions(seen, '')],
  ['ops: all packets to one server', 'ops', 'sequence', (seen) => setServers(seen, 'rs1')],
  ['ops: an answer with the RIP', 'ops', 'source', (seen) => setSource(seen, '192.168.1.4')],
  [
    'ops: nothing was counted',
    'ops',
    'counted',
    (seen) => (countersIn(seen).after.connections = countersIn(seen).before.connections),
  ],
  [
    'tunnels of another type',
    'tun-gue',
    'table',
    (seen) => Object.assign(rulesIn(seen)[0]?.servers[0] ?? {}, { tunnel: '--tun-type ipip' }),
  ],
  ['no fou', 'tun-gue', 'gue', silent((seen) => seen.of(fou, 'rs1').splice(0), 'rs1')],
  [
    'fou for something else than GUE',
    'tun-gue',
    'gue',
    silent((seen) => seen.of(fou, 'rs1').splice(0, 1, 'port 6080 ipproto 4'), 'rs1'),
  ],
  ['gre0 filters', 'tun-gre', 'rp-filter', silent((seen) => sysctlsOn(seen, 'rs1').set('gre0.rp_filter', 1), 'rs1')],
  [
    'the router does not forward',
    'tun-remote',
    'router',
    silent((seen) => seen.of(routerSysctls, 'router').set('forwarding', 0)),
  ],
  [
    'the router filters',
    'tun-remote',
    'router',
    silent((seen) => seen.of(routerSysctls, 'router').set('all.rp_filter', 1)),
  ],
  [
    'a remote real server without a way back',
    'tun-remote',
    'gateway',
    (seen) => leadBack(seen, 'rs1', { error: 'Network is unreachable' }),
  ],
  [
    'answers that do not come by the router',
    'tun-remote',
    'source',
    (seen) => Object.assign(repliesIn(seen)[0] ?? {}, { sender: MAC.director }),
  ],
  [
    'the VIP on a NIC',
    'ipv6-dr',
    'arp-quiet',
    (seen) => {
      addAddress(seen, 'rs1', 'fd00:1::3/128');
      ownersOf(seen, 'fd00:1::3')?.push(MAC.rs1);
    },
  ],
  ['rs1 answers solicitations', 'ipv6-dr', 'arp-owner', (seen) => ownersOf(seen, 'fd00:1::3')?.push(MAC.rs1)],
  ['no forwarding of IPv6', 'ipv6-nat', 'forwarding', silent((seen) => seen.set(forwards, 'director', false))],
  [
    'LocalNode: answers that IPVS did not see leave',
    'localnode',
    'fingerprint',
    (seen) => (countersIn(seen).after.outPackets = 0),
  ],
  [
    'LocalNode: an answer of the director by the other NIC',
    'localnode',
    'source',
    (seen) => Object.assign(repliesIn(seen)[1] ?? {}, { sender: MAC.rs1 }),
  ],
  [
    'the second VIP is missing on the director',
    'services',
    'director-vip',
    silent((seen) => addressesOn(seen, 'director')[0]?.addresses.splice(1)),
  ],
  [
    'the second VIP is missing on rs3',
    'services',
    'vip',
    silent((seen) => addressesOn(seen, 'rs3')[0]?.addresses.splice(1), 'rs3'),
  ],
  ['nobody reads FTP', 'ftp', 'helper', silent((seen) => seen.of(helpers, 'director').splice(0))],
  [
    'a dead name server',
    'services',
    'reachable',
    silent((seen) => Object.assign(reachOf(seen, 2)[0] ?? {}, { answer: undefined })),
  ],
  ['the second service is missing', 'services', 'table', (seen) => rulesIn(seen).splice(1, 1)],
  [
    'rs1 claims the second VIP',
    'services',
    'neighbour',
    (seen) => seen.of(neighbours, 'client').set('192.168.1.9', MAC.rs1),
  ],
  ['held connections out of order', 'held', 'sequence', (seen) => answersIn(seen).reverse()],
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
  ['an MTU that is too small', 'dr', 'mtu', silent((seen) => setMtu(seen, 'rs1', 0, 1400), 'rs1')],
  ['an MTU that is too large', 'dr', 'mtu', silent((seen) => setMtu(seen, 'client', 0, 9000))],
  ['the second NIC of the director', 'nat', 'mtu', silent((seen) => setMtu(seen, 'director', 1, 1400))],
  ['a NIC that is gone', 'tun-remote', 'nic', silent((seen) => seen.of(nics, 'router').pop())],
  ['firewalld on the client', 'dr', 'firewall', silent((seen) => setFirewall(seen, 'client', { firewalld: 'active' }))],
  ['SELinux on rs1', 'dr', 'firewall', silent((seen) => setFirewall(seen, 'rs1', { enforcing: true }), 'rs1')],
  ['a firewall on rs1', 'dr', 'firewall', silent((seen) => setFirewall(seen, 'rs1', drops('inet', 'input')), 'rs1')],
  [
    'a firewall on the director',
    'nat',
    'firewall',
    silent((seen) => setFirewall(seen, 'director', drops('ip', 'forward'))),
  ],
  [
    'a firewall on the router',
    'tun-remote',
    'firewall',
    silent((seen) => setFirewall(seen, 'router', drops('ip', 'forward'))),
  ],
  [
    'a firewall of IPv6',
    'ipv6-dr',
    'firewall',
    silent((seen) => setFirewall(seen, 'rs1', drops('ip6', 'input')), 'rs1'),
  ],
];

/** Something broken, of which the client notices that these real servers, or all, do not answer. */
function silent(damage: Damage, ...nodes: string[]): Damage {
  return (seen) => {
    damage(seen);
    silence(seen, ...nodes);
  };
}

function leadBack(seen: Seen, node: string, change: Partial<Way>): void {
  const nowhere = { via: undefined, device: undefined, error: undefined };
  seen.set(
    waysBack,
    node,
    seen.of(waysBack, node).map((way) => ({ ...way, ...nowhere, ...change })),
  );
  silence(seen, node);
}

function reachOf(seen: Seen, service: number): Reached[] {
  return [...seen.of(reach, 'director').values()][service] ?? [];
}

function replaceInMarks(seen: Seen, text: string, other: string): void {
  seen.set(marksLook, 'director', seen.of(marksLook, 'director').replace(text, other));
}

function setClock(seen: Seen, damage: Partial<ClockSeen>): void {
  Object.assign(seen.of(clockLook, 'node1'), damage);
}

function setMtu(seen: Seen, node: string, at: number, mtu: number): void {
  Object.assign(seen.of(nics, node)[at] ?? {}, { mtu });
}

function setFirewall(seen: Seen, node: string, damage: Partial<FirewallSeen>): void {
  Object.assign(seen.of(firewallLook, node), damage);
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
  test(`${mode}: a firewall ${title} does no harm`, async (t) => {
    const plan = await planOf(mode);
    const seen = healthy(plan);
    setFirewall(seen, node, damage);
    t.deepEqual(ids(plan, seen), []);
  });
}

for (const [what, remove] of [
  ['tcp dport 23 drop'],
  ['udp dport 161 reject'],
  ['ip saddr 203.0.113.7 drop'],
  ['icmp type echo-request drop'],
  ['-A INPUT -p tcp -m tcp --dport 23 -j DROP', 'iptables-legacy -t filter -D INPUT -p tcp -m tcp --dport 23 -j DROP'],
] as [string, string?][]) {
  test(`a rule that no packet of the lab can match is no obstacle, however ill its node is: ${what}`, async (t) => {
    const plan = await planOf('dr');
    const seen = healthy(plan);
    const rule = { table: remove ? 'ip filter' : 'inet own', chain: 'input', hook: 'input' };
    const filter = (text: string) => ({ filters: [{ ...rule, what: text, ...(remove !== undefined && { remove }) }] });
    silence(seen, 'rs1');
    setFirewall(seen, 'rs1', filter(what));
    t.false(ids(plan, seen).includes('firewall'));
    setFirewall(seen, 'rs1', filter(remove ? '-A INPUT -p tcp -m tcp --dport 80 -j DROP' : 'tcp dport 80 drop'));
    t.true(ids(plan, seen).includes('firewall'));
  });
}

test('a firewall is named with its table, chain and rule, and how to open it', async (t) => {
  const plan = await planOf('dr');
  const seen = healthy(plan);
  setFirewall(seen, 'rs1', drops('inet', 'input'));
  setFirewall(seen, 'rs2', { firewalld: 'active', enforcing: true });
  silence(seen);
  const firewallIn = () => failing(plan, seen).find(({ id }) => id === 'firewall');
  const found = firewallIn();
  t.is(found?.observed, 'rs1: table inet own, chain input: policy drop; rs2: firewalld is active, SELinux enforces');
  t.is(
    hintText(found?.hint, 'dr'),
    'table inet own on rs1 filters packets; it is not the lab’s; npx lab ssh dr rs1 -- nft list ruleset; npx lab ssh dr rs1 -- nft delete table inet own',
  );
  setFirewall(seen, 'rs1', { filters: [] });
  t.is(hintText(firewallIn()?.hint, 'dr'), 'firewalld is active and SELinux enforces on rs2; npx lab up dr');
});

function setOptions(seen: Seen, options: string): void {
  const [first] = rulesIn(seen);
  if (first) rulesIn(seen)[0] = { ...first, options };
}

function setServers(seen: Seen, server: string): void {
  for (const answer of answersIn(seen)) answer.server = server;
}

function setSource(seen: Seen, source: string): void {
  for (const reply of repliesIn(seen)) reply.source = source;
}

function addAddress(seen: Seen, node: string, address: string): void {
  addressesOn(seen, node)
    .find(({ name }) => name === 'eth0')
    ?.addresses.push(address);
}

test('a real server that has the VIP on a dummy interface keeps quiet about it', async (t) => {
  const plan = await planOf('dr');
  const seen = healthy(plan);
  addressesOn(seen, 'rs1')[0]?.addresses.splice(0);
  addressesOn(seen, 'rs1').push({ ...lo, name: 'dummy0', addresses: ['192.168.1.3/32'] });
  const vipIn = () => judge(plan, seen).find(({ id }) => id === 'vip');
  t.deepEqual(ids(plan, seen), []);
  t.is(vipIn()?.warning, 'rs1: the VIP is on dummy0, not on lo; it works in this way');
  silence(seen, 'rs1');
  t.is(vipIn()?.observed, 'rs1: the VIP is on dummy0, not on lo');
  t.false(ids(plan, seen).includes('arp-quiet'));
});

test('a VIP on a device that is down, or lost with it', async (t) => {
  const plan = await planOf('tun');
  const seen = healthy(plan);
  const tunnel = addressesOn(seen, 'rs1').find(({ name }) => name === 'tunl0');
  Object.assign(tunnel ?? {}, { up: false });
  silence(seen, 'rs1');
  const found = () =>
    failing(plan, seen)
      .filter(({ id }) => id === 'vip')
      .map(({ observed, hint }) => [observed, hintText(hint, 'tun')]);
  const mended = 'npx lab up tun; npx lab ssh tun rs1 -- ip link set tunl0 up';
  const down = 'the VIP is on tunl0, which is down';
  t.deepEqual(found(), [[`rs1: ${down}`, `the VIP of rs1 is on tunl0, which is down; ${mended}`]]);
  tunnel?.addresses.splice(0);
  const lost = 'missing, and tunl0 is down';
  t.deepEqual(found(), [[`rs1: the VIP is ${lost}`, `the VIP of rs1 is ${lost}; ${mended}`]]);
});

test('the check names a router with a strict sysctl', async (t) => {
  const plan = await planOf('tun-remote');
  const observed = (sysctl: string) => {
    const seen = healthy(plan);
    seen.of(routerSysctls, 'router').set(sysctl, 1);
    silence(seen);
    return failing(plan, seen).find(({ id }) => id === 'router')?.observed;
  };
  t.is(observed('all.rp_filter'), 'forwarding 1, all.rp_filter 1');
  t.is(observed('eth0.rp_filter'), 'forwarding 1, eth0.rp_filter 1');
});

test('in a lab of several services a check says which one it is about', async (t) => {
  const plan = await planOf('services');
  const seen = healthy(plan);
  rulesIn(seen).splice(2, 1);
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
    const known = judge(plan, seen).map(({ id }) => id);
    for (const { id, hint, observed } of failing(plan, seen)) {
      t.truthy(observed);
      t.deepEqual(hintProblems(hint, plan, known), [], id);
    }
    t.deepEqual(tooWide(plan, seen), []);
  });
}

test('an rr sequence that goes on from an earlier one is right, a fresh table starts with the last server added', async (t) => {
  const plan = await planOf('dr');
  const seen = healthy(plan);
  const [given, replies] = [answersIn(seen), repliesIn(seen)];
  for (const [index, answer] of given.entries()) {
    answer.server = plan.realServers[index % 2]?.node;
    Object.assign(connectionsIn(seen).since[index] ?? {}, { realServer: plan.realServers[index % 2]?.address ?? '' });
    Object.assign(replies[index] ?? {}, { sender: index % 2 ? MAC.rs2 : MAC.rs1 });
  }
  t.deepEqual(ids(plan, seen), ['sequence']);
  countersIn(seen).before.connections += 7;
  countersIn(seen).after.connections += 7;
  t.deepEqual(ids(plan, seen), []);
});

test('a connection that IPVS forgot before the last request counts when it was seen meanwhile; else it is named', async (t) => {
  const plan = await planOf('dr');
  const line = (port: number, server: string) =>
    `TCP C0A80164 ${port.toString(16).toUpperCase()} C0A80103 0050 ${server} 0050 CLOSE  9`;
  const looked = (round: string, ...lines: string[]) => `@@look connections ${round}\n${lines.join('\n')}\n`;
  const parsed = (meanwhile: string[]) =>
    connections.parse(
      printedBy([looked('before'), ...meanwhile, looked('after')])(connections),
      plan,
      theNode(plan, 'director'),
    ).since;
  const seen = healthy(plan);
  const [forgotten, ...others] = connectionsIn(seen).since;
  const port = forgotten?.clientPort ?? 0;
  const server = forgotten?.realServer === '192.168.1.4' ? 'C0A80104' : 'C0A80105';
  connectionsIn(seen).since = [...parsed([]), ...others];
  t.deepEqual(ids(plan, seen), ['counted']);
  const counted = failing(plan, seen)[0]?.observed ?? '';
  t.true(counted.includes(`TCP from port ${port}, answered by `) && counted.endsWith(': no entry'), counted);
  connectionsIn(seen).since = [...parsed([looked('during', line(port, server))]), ...others];
  t.deepEqual(ids(plan, seen), []);
});

test('persistence of another service on the same VIP does not count for this one', async (t) => {
  const plan = await planOf('persistence');
  const seen = healthy(plan);
  countersIn(seen).before.connections += 1;
  countersIn(seen).after.connections += 1;
  connectionsIn(seen).before.push({
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

test('a service by mark: the clients bound by persistence are read from templates of protocol IP, with the mark as VIP', async (t) => {
  const plan = await planOf('fwmark');
  const [service] = plan.services;
  if (!service) return t.fail();
  service.persistence = 300;
  const seen = healthy(plan);
  countersIn(seen).before.connections += 5;
  countersIn(seen).after.connections += 5;
  connectionsIn(seen).before.push({
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
  const [given, replies] = [answersIn(seen), repliesIn(seen)];
  for (const [index] of given.entries()) {
    Object.assign(given[index] ?? {}, { server: 'rs2' });
    Object.assign(connectionsIn(seen).since[index] ?? {}, { realServer: '192.168.1.5' });
    Object.assign(replies[index] ?? {}, { sender: MAC.rs2 });
  }
  t.deepEqual(ids(plan, seen), []);
});
