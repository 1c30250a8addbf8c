import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { parseOwners } from '../../scripts/checks/arp-owner/look.ts';
import { fou } from '../../scripts/checks/gue/look.ts';
import { parseHelpers } from '../../scripts/checks/helper/look.ts';
import { looks } from '../../scripts/checks/judge.ts';
import { holderOf, parseInterfaces } from '../../scripts/checks/looks/addresses.ts';
import { parseAsked } from '../../scripts/checks/looks/answers.ts';
import { parseHeard } from '../../scripts/checks/looks/heard.ts';
import type { Look } from '../../scripts/checks/looks/look.ts';
import { lookScript, partsOn, printedBy } from '../../scripts/checks/looks/script.ts';
import { effective, parsePairs } from '../../scripts/checks/looks/sysctls.ts';
import { parseRules } from '../../scripts/checks/looks/table.ts';
import { parseWays } from '../../scripts/checks/looks/way-back.ts';
import { parseNeighbours } from '../../scripts/checks/neighbour/look.ts';
import { reach } from '../../scripts/checks/reachable/look.ts';
import { parseSettings } from '../../scripts/checks/settings/look.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { type Plan, theNode } from '../../scripts/plan/plan.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderer } from '../../scripts/render/render.ts';
import { planOf } from '../render/golden.ts';

const render = renderer(await loadTemplates(projectRoot));

/** What a look makes of a text that its template printed after the requests. */
function parsed<T>(look: Look<T>, text: string, plan: Plan, node = theNode(plan, 'director')): T {
  return look.parse(printedBy([`@@look ${look.name} after\n${text}\n@@look end\n`])(look), plan, node);
}

test('owners: all who answer arping, each once', (t) => {
  const text = `@@vip 192.168.1.3
ARPING 192.168.1.3 from 192.168.1.100 eth0
Unicast reply from 192.168.1.3 [52:54:00:01:0D:01]  0.934ms
Unicast reply from 192.168.1.3 [52:54:00:01:05:01]  1.118ms
Unicast reply from 192.168.1.3 [52:54:00:01:0D:01]  0.702ms
Sent 2 probes (2 broadcast(s))
Received 3 response(s)
@@vip 192.168.1.9
ARPING 192.168.1.9 from 192.168.1.100 eth0
Sent 2 probes (2 broadcast(s))
Received 0 response(s)
`;
  t.deepEqual(
    [...parseOwners(text)],
    [
      ['192.168.1.3', ['52:54:00:01:0d:01', '52:54:00:01:05:01']],
      ['192.168.1.9', []],
    ],
  );
});

test('owners: all who answer ndisc6', (t) => {
  const text = `@@vip fd00:1::3
Soliciting fd00:1::3 (fd00:1::3) on eth0...
Target link-layer address: 52:54:00:01:0D:01
 from fd00:1::3
Target link-layer address: 52:54:00:01:05:02
 from fd00:1::5
@@vip fd00:1::4
Soliciting fd00:1::4 (fd00:1::4) on eth0...
Timed out.
No response.
`;
  t.deepEqual(
    [...parseOwners(text)],
    [
      ['fd00:1::3', ['52:54:00:01:0d:01', '52:54:00:01:05:02']],
      ['fd00:1::4', []],
    ],
  );
});

test('neighbours: an entry, a failed entry, and no entry', (t) => {
  const text = `2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc pfifo_fast state UP group default qlen 1000
    inet 192.168.1.100/24 brd 192.168.1.255 scope global eth0
192.168.1.3 dev eth0 lladdr 52:54:00:01:0d:01 REACHABLE 
192.168.1.9 dev eth0 FAILED 
192.168.1.4 dev eth0 lladdr 52:54:00:01:05:01 STALE 
`;
  t.deepEqual(
    [...parseNeighbours(text, ['192.168.1.3', '192.168.1.9', 'fd00:1::3'])],
    [
      ['192.168.1.3', '52:54:00:01:0d:01'],
      ['192.168.1.9', undefined],
      ['fd00:1::3', undefined],
    ],
  );
});

test('addresses: interfaces that are up, down or neither, and names of pairs', (t) => {
  const text = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet 192.168.1.3/32 scope global lo
       valid_lft forever preferred_lft forever
3: eth0@if5: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc netem state UP group default qlen 1000
    link/ether 52:54:00:01:05:01 brd ff:ff:ff:ff:ff:ff permaddr 52:54:00:12:34:56
    inet 192.168.1.4/24 brd 192.168.1.255 scope global eth0
    inet6 fe80::303f:30ff:fe65:aebf/64 scope link 
4: tunl0@NONE: <NOARP> mtu 1480 qdisc noop state DOWN group default qlen 1000
    link/ipip 0.0.0.0 brd 0.0.0.0
`;
  const found = parseInterfaces(text);
  t.deepEqual(
    found.map(({ name, up, mtu, queue }) => [name, up, mtu, queue]),
    [
      ['lo', true, 65_536, 'noqueue'],
      ['eth0', true, 1500, 'netem'],
      ['tunl0', false, 1480, 'noop'],
    ],
  );
  t.deepEqual(found[1]?.addresses, ['192.168.1.4/24', 'fe80::303f:30ff:fe65:aebf/64']);
  t.is(holderOf(found, '192.168.1.3')?.name, 'lo');
  t.is(holderOf(found, '192.168.1.30'), undefined);
});

test('sysctls: read on this computer by the look itself; the larger of "all" and the interface counts', async (t) => {
  const script = render({ template: 'checks/looks/sysctls', context: { tunnel: 'lo' } });
  const text = execFileSync('/bin/sh', ['-uc', `device=lo\n${script}`], { encoding: 'utf8' });
  const keys = ['all', 'nic'].flatMap((name) =>
    ['arp_ignore', 'arp_announce', 'rp_filter'].map((key) => `${name}.${key}`),
  );
  t.deepEqual([...parsePairs(text).keys()].sort(), keys.sort());
  const values = parsePairs('all.rp_filter 2\nnic.rp_filter 1\ntunl0.rp_filter 0\n');
  t.is(effective(values, 'nic', 'rp_filter'), 2);
  t.is(effective(values, 'gre0', 'rp_filter'), undefined);
});

test('settings: time-outs as ipvsadm prints them, sysctls as grep does', (t) => {
  const text = `Timeout (tcp tcpfin udp): 900 60 300
/proc/sys/net/ipv4/vs/am_droprate:10
/proc/sys/net/ipv4/vs/conntrack:1
/proc/sys/net/ipv4/vs/sync_threshold:3	50
`;
  t.deepEqual(Object.fromEntries(parseSettings(text)), {
    tcp: '900',
    tcpfin: '60',
    udp: '300',
    am_droprate: '10',
    conntrack: '1',
    sync_threshold: '3 50',
  });
});

test('reach: answers of each service, one real server after the other', async (t) => {
  const plan = await planOf('services');
  const [first, second] = plan.services;
  const answer = (server: string) => `This is real server ${server} of lab services\n@@answer 200 40312 0.004120 0 `;
  const refused =
    "\n@@answer 0 0 0.000231 7 Failed to connect to 192.168.1.5 port 80 after 0 ms: Couldn't connect to server";
  const text = `@@service\n${answer('rs1')}\n${refused}\n@@service\n${answer('rs2')}\n`;
  const [one, two] = [...parsed(reach, text, plan).values()];
  t.truthy(first && second);
  t.deepEqual(
    one?.map(({ server, answer }) => [server, answer?.server ?? answer?.error]),
    [
      ['rs1', 'rs1'],
      ['rs2', "Failed to connect to 192.168.1.5 port 80 after 0 ms: Couldn't connect to server"],
    ],
  );
  t.deepEqual(
    two?.map(({ server, answer }) => [server, answer?.server]),
    [
      ['rs1', 'rs2'],
      ['rs2', undefined],
      ['rs3', undefined],
    ],
  );
});

test('answers: a request that failed has the port that it was sent from', async (t) => {
  const { services } = await planOf('dr');
  const text = `@@service 20000 1
This is real server rs2 of lab dr

@@answer 200 20000 0.004120 0 

@@answer 0 0 2.001934 28 Connection timed out after 2001 milliseconds
`;
  const [asked] = [...parseAsked(text, services).values()];
  t.deepEqual(
    asked?.answers.map(({ server, localPort, error }) => [server, localPort, error]),
    [
      ['rs2', 20_000, undefined],
      [undefined, 20_001, 'Connection timed out after 2001 milliseconds'],
    ],
  );
});

const tcp = (from: string, to: string, flags: string) =>
  `16:02:11.123456 52:54:00:01:05:01 > 52:54:00:01:0c:01, ethertype IPv4 (0x0800), length 74: ${from} > ${to}: Flags [${flags}], seq 1, win 65160, length 0`;

test('heard: who sent the first packet of an answer, over IPv4 and IPv6, what was refused, and what was sent again', (t) => {
  const syn = tcp('192.168.1.100.20003', '192.168.1.3.80', 'S');
  const text = `${tcp('192.168.1.3.80', '192.168.1.100.20000', 'S.')}
16:02:11.223456 52:54:00:01:0d:01 > 52:54:00:01:0c:01, ethertype IPv6 (0x86dd), length 94: fd00:1::3.80 > fd00:1::100.20001: Flags [S.], seq 1, ack 2, win 64260, length 0
${tcp('192.168.1.3.80', '192.168.1.100.20002', 'R.')}
${syn}
${syn}
16:02:11.323456 52:54:00:01:05:02 > 52:54:00:01:0c:01, ethertype IPv4 (0x0800), length 82: 192.168.1.3.99 > 192.168.1.100.20004: sctp (1) [INIT ACK] [init tag: 1]
16:02:11.423456 52:54:00:01:05:02 > 52:54:00:01:0c:01, ethertype IPv4 (0x0800), length 60: 192.168.1.3.99 > 192.168.1.100.20005: sctp (1) [ABORT]
16:02:11.523456 52:54:00:01:05:02 > 52:54:00:01:0c:01, ethertype IPv4 (0x0800), length 92: 192.168.1.3.53 > 192.168.1.100.20006: 4242* 1/0/0 TXT "This is real server rs2" (50)
`;
  const { replies, refusals, tries } = parseHeard(text);
  t.deepEqual(replies.slice(0, 2), [
    { sender: '52:54:00:01:05:01', source: '192.168.1.3', sourcePort: 80, localPort: 20_000 },
    { sender: '52:54:00:01:0d:01', source: 'fd00:1::3', sourcePort: 80, localPort: 20_001 },
  ]);
  t.deepEqual(
    [replies, refusals].map((some) => some.map(({ localPort }) => localPort)),
    [
      [20_000, 20_001, 20_004, 20_006],
      [20_002, 20_005],
    ],
  );
  t.deepEqual(tries, [20_003, 20_003]);
});

test('heard: who has an address, as ARP and neighbour advertisements say, and ICMP errors', (t) => {
  const text = `11:24:26.221234 52:54:00:01:05:01 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Request who-has 192.168.1.100 tell 192.168.1.3, length 28
11:24:26.221258 52:54:00:01:0d:01 > 52:54:00:01:0c:01, ethertype ARP (0x0806), length 42: Reply 192.168.1.2 is-at 52:54:00:01:0d:01, length 28
11:24:26.221315 52:54:00:01:05:02 > 52:54:00:01:0c:01, ethertype IPv6 (0x86dd), length 86: fd00:1::5 > fe80::60d9:f0ff:fe97:e942: ICMP6, neighbor advertisement, tgt is fd00:1::5, length 32
11:24:26.421315 52:54:00:01:05:02 > 52:54:00:01:0c:01, ethertype IPv4 (0x0800), length 102: 192.168.1.5 > 192.168.1.100: ICMP 192.168.1.3 tcp port 80 unreachable, length 68
11:24:26.521315 52:54:00:01:05:02 > 52:54:00:01:0c:01, ethertype IPv6 (0x86dd), length 142: fd00:1::5 > fd00:1::100: ICMP6, destination unreachable, unreachable port, fd00:1::3 tcp port 80, length 88
`;
  const { claims, complaints } = parseHeard(text);
  t.deepEqual(claims, [
    { mac: '52:54:00:01:05:01', address: '192.168.1.3', asked: true },
    { mac: '52:54:00:01:0d:01', address: '192.168.1.2', asked: false },
    { mac: '52:54:00:01:05:02', address: 'fd00:1::5', asked: false },
  ]);
  t.deepEqual(
    complaints.map(({ text: words }) => words),
    [
      'ICMP 192.168.1.3 tcp port 80 unreachable',
      'ICMPv6 destination unreachable, unreachable port, fd00:1::3 tcp port 80',
    ],
  );
});

test('ways back: directly, by a gateway, to itself, and the questions that have no answer', (t) => {
  const text = `2: eth0: <BROADCAST,UP> mtu 1500 qdisc pfifo_fast state UP group default qlen 1000
    inet 192.168.1.4/24 brd 192.168.1.255 scope global eth0
192.168.1.100 via 192.168.1.7 dev eth0 src 192.168.1.4 uid 0 
    cache 
RTNETLINK answers: Invalid argument
Command failed -:3
local 192.168.1.100 from 192.168.1.9 dev lo src 192.168.1.9 uid 0 
    cache <local> 
`;
  const questions = ['192.168.1.100', '192.168.1.100 from 192.168.1.3', '192.168.1.100 from 192.168.1.9'];
  const none = { via: undefined, device: undefined, local: false, error: undefined };
  t.deepEqual(parseWays(text, questions), [
    { ...none, from: undefined, via: '192.168.1.7', device: 'eth0' },
    { ...none, from: '192.168.1.3', error: 'Invalid argument' },
    { ...none, from: '192.168.1.9', device: 'lo', local: true },
  ]);
  const six = 'fd00:1::100 from :: dev eth0 proto kernel src fd00:1::4 metric 256 pref medium\n';
  t.deepEqual(parseWays(six, ['fd00:1::100']), [{ ...none, from: undefined, device: 'eth0' }]);
});

test('fou and helpers', async (t) => {
  t.deepEqual(parsed(fou, 'port 6080 gue\nport 5555 ipproto 4\n', await planOf('tun-gue')), [
    'port 6080 gue',
    'port 5555 ipproto 4',
  ]);
  t.deepEqual(parseHelpers('prot port    usecnt name\nTCP  21      0       ftp\n'), ['ftp 21']);
});

for (const release of ['debian12', 'debian13']) {
  test(`table: what a director with ${release} prints`, async (t) => {
    const text = await readFile(join(projectRoot, `test/recorded/director-${release}.txt`), 'utf8');
    const found = parseRules(text.replace('@@save', '@@rules').replace('@@proc', '@@table'));
    t.deepEqual(
      found.map(({ name, servers }) => [name, servers.length]),
      [
        ['-t 192.168.1.3:80', 2],
        ['-u 192.168.1.3:53', 1],
        ['-u 192.168.1.3:5060', 1],
        ['--sctp-service 192.168.1.3:99', 1],
        ['-t [fd00::3]:80', 1],
        ['-f 7', 2],
        ['-f 8 -6', 0],
      ],
    );
    t.deepEqual(
      found[1]?.servers.map(({ upper, lower }) => [upper, lower]),
      [[10, 5]],
    );
  });
}

test('a script runs what was begun before the requests in the reverse order after them, then the other looks', async (t) => {
  const plan = await planOf('dr');
  const settings = { waiting: { connect: 2, answer: 5, listen: 1 }, requests: [] };
  const client = theNode(plan, 'client');
  const names = partsOn(plan, client, looks, ['before', 'during', 'after'], settings).map(({ look }) => look.name);
  t.deepEqual(names.slice(0, 6), ['capture', 'tcp', 'neighbours', 'answers', 'tcp', 'capture']);
});

test('each look reads its own part of what a script printed, and in each round its own', async (t) => {
  const plan = await planOf('dr');
  const look = (name: string): Look<string> => ({
    name,
    about: name,
    on: () => ({}),
    templates: { before: 'checks/gue/show', after: 'checks/gue/show' },
    parse: (printed) => `${printed.in('before')}|${printed.in('after')}|${printed.during().join()}`,
  });
  const [one, two] = [look('one'), look('two')];
  const texts = ['@@look one before\na\n@@look two before\nb\n', '@@look one during\nc\n', '@@look one during\nd\n'];
  const printed = printedBy([...texts, '@@look two after\ne\n@@look one after\nf\n@@look end\n']);
  t.is(one.parse(printed(one), plan, theNode(plan, 'client')), 'a\n|f\n|c\n,d\n');
  t.is(two.parse(printed(two), plan, theNode(plan, 'client')), 'b\n|e\n|');
  t.throws(() => printed(look('three')).in('after'), { message: /nothing was printed/ });
});

test('a script ends with a line that tells that it got there', async (t) => {
  const plan = await planOf('dr');
  const settings = { waiting: { connect: 2, answer: 5, listen: 1 }, requests: [] };
  const parts = partsOn(plan, theNode(plan, 'director'), looks, ['before'], settings);
  t.regex(lookScript(render, plan, parts), /\necho '@@look end'\n$/);
});
