import test from 'ava';
import { owners } from '../../scripts/checks/arp-owner/look.ts';
import { firewallLook } from '../../scripts/checks/firewall/look.ts';
import { judge } from '../../scripts/checks/judge.ts';
import { listeners } from '../../scripts/checks/listening/look.ts';
import { addresses } from '../../scripts/checks/looks/addresses.ts';
import { answers } from '../../scripts/checks/looks/answers.ts';
import { nics } from '../../scripts/checks/looks/nics.ts';
import { order } from '../../scripts/checks/looks/order.ts';
import { peers } from '../../scripts/checks/looks/peers.ts';
import { processes } from '../../scripts/checks/looks/processes.ts';
import { sysctls } from '../../scripts/checks/looks/sysctls.ts';
import { waysBack } from '../../scripts/checks/looks/way-back.ts';
import { reach } from '../../scripts/checks/reachable/look.ts';
import { capture } from '../../scripts/checks/source/look.ts';
import { type Plan, theNode } from '../../scripts/plan/plan.ts';
import { planOf } from '../render/golden.ts';
import { screenOf } from '../report/screen-of.ts';
import { healthy, MAC, type Seen } from './healthy.ts';
import { hintProblems, hintText } from './hint-text.ts';
import { silence } from './silence.ts';

// Faults that people made by hand, and set-ups that work in another way, as the lab shows them: what is said, and what is not.

interface Case {
  title: string;
  lab: string;
  shows: (seen: Seen, plan: Plan) => void;
  /** Checks that fail, with words of their observation or their hint. Others must pass. */
  fails?: Record<string, RegExp>;
  /** Checks that warn. */
  warns?: Record<string, RegExp>;
}

const vip = '192.168.1.3';

/** The client's requests to a real server, and its large ones. */
function asked(seen: Seen, plan: Plan, server: string) {
  const found = [...seen.of(answers, 'client').values()][0];
  const first = plan.services[0]?.requests ?? 0;
  const large = found?.large.filter((_, at) => (first + at) % 2 === (server === 'rs2' ? 0 : 1)) ?? [];
  return [...(found?.answers.filter((one) => one.server === server) ?? []), ...large];
}

/** Requests to a real server end with this instead of an answer. */
function fail(
  seen: Seen,
  plan: Plan,
  server: string,
  how: { status?: number; error?: string; refused?: boolean; by?: keyof typeof MAC },
): void {
  const heard = seen.of(capture, 'client');
  for (const one of asked(seen, plan, server)) {
    Object.assign(one, { server: undefined, status: how.status ?? 0, error: how.error });
    if (!how.refused) continue;
    const [reply] = heard.replies.filter(({ localPort }) => localPort === one.localPort);
    heard.replies = heard.replies.filter((other) => other !== reply);
    heard.refusals.push({ sender: MAC[how.by ?? 'rs1'], source: vip, sourcePort: 80, localPort: one.localPort });
  }
}

function reached(seen: Seen, server: string, damage: { status?: number; error?: string }): void {
  for (const all of seen.of(reach, 'director').values()) {
    for (const one of all)
      if (one.server === server) Object.assign(one.answer ?? {}, { server: undefined, status: 0, ...damage });
  }
}

function moveVip(seen: Seen, node: string, device: string | undefined): void {
  for (const one of seen.of(addresses, node))
    one.addresses = one.addresses.filter((cidr) => !cidr.startsWith(`${vip}/`));
  if (device)
    seen.of(addresses, node).push({ name: device, up: true, mtu: 1500, queue: 'noqueue', addresses: [`${vip}/32`] });
}

function insideAddress(plan: Plan): string {
  return theNode(plan, 'director').nics[1]?.address ?? '';
}

const late = 'Operation timed out after 5001 milliseconds with 0 bytes received';
const both = ['rs1', 'rs2'];

const cases: Case[] = [
  {
    title: 'A1: Apache on rs1 listens on its RIP only',
    lab: 'dr',
    shows(seen, plan) {
      fail(seen, plan, 'rs1', {
        error: "Failed to connect to 192.168.1.3 port 80 after 1 ms: Couldn't connect",
        refused: true,
      });
      seen.set(listeners, 'rs1', [{ protocol: 'tcp', address: '192.168.1.4', port: 80 }]);
    },
    fails: {
      answers: /rs1 refuses 6 requests \(RST\)/,
      large: /small requests fail as well/,
      sequence: /./,
      listening: /rs1 sends RST: nobody there listens on 192\.168\.1\.3:80, only on 192\.168\.1\.4:80/,
    },
  },
  {
    title: 'like A1: a rule on the director rejects with RST what goes to rs1',
    lab: 'dr',
    shows(seen, plan) {
      fail(seen, plan, 'rs1', {
        error: "Failed to connect to 192.168.1.3 port 80 after 1 ms: Couldn't connect",
        refused: true,
        by: 'director',
      });
    },
    fails: {
      answers: /6 requests for rs1 are refused \(RST, sent by director\)/,
      large: /small requests fail as well/,
      sequence: /./,
    },
  },
  {
    title: 'A2: the page of rs1 is forbidden',
    lab: 'dr',
    shows(seen) {
      const [one] = [...seen.of(answers, 'client').values()];
      for (const answer of one?.answers ?? [])
        if (answer.server === 'rs1') Object.assign(answer, { server: undefined, status: 403 });
      reached(seen, 'rs1', { status: 403 });
    },
    fails: { answers: /rs1 gives 6 requests status 403/, sequence: /./, reachable: /Apache on rs1 answers 403/ },
  },
  {
    title: 'A3: arp_announce 0 alone on the real servers',
    lab: 'dr',
    shows(seen) {
      for (const node of both) seen.of(sysctls, node).set('all.arp_announce', 0);
    },
    fails: { 'arp-quiet': /without arp_announce=2 rs1, rs2 can name the VIP as its own in ARP requests/ },
  },
  {
    title: 'A6: a blackhole route to the client on rs1',
    lab: 'dr',
    shows(seen) {
      silence(seen, 'rs1');
      for (const way of seen.of(waysBack, 'rs1')) Object.assign(way, { device: undefined, error: 'Invalid argument' });
    },
    fails: {
      answers: /nothing comes back from rs1 for 6 requests/,
      sequence: /./,
      'way-back': /a route of type blackhole on rs1 refuses every answer to the client/,
    },
  },
  {
    title: 'A7: Apache on rs1 is stopped by SIGSTOP',
    lab: 'dr',
    shows(seen, plan) {
      fail(seen, plan, 'rs1', { error: late });
      reached(seen, 'rs1', { error: late });
      seen.set(processes, 'rs1', [{ name: 'apache2', stopped: true }]);
    },
    fails: {
      answers: /rs1 takes the connection and gives no whole answer to 6 requests/,
      large: /small requests fail as well/,
      sequence: /./,
      reachable: /the processes of Apache on rs1 are stopped \(state T\)/,
    },
  },
  {
    title: 'A8: a rule of iptables-legacy drops on rs1',
    lab: 'dr',
    shows(seen) {
      silence(seen, 'rs1');
      const what = '-A INPUT -p tcp -j DROP';
      const remove = 'iptables-legacy -t filter -D INPUT -p tcp -j DROP';
      const rule = { table: 'ip filter', chain: 'INPUT', hook: 'input', what, remove };
      const legacy = [{ family: 'ip' as const, tables: ['filter'], filters: [rule], used: true }];
      seen.set(firewallLook, 'rs1', { ...seen.of(firewallLook, 'rs1'), legacy });
    },
    fails: {
      answers: /nothing comes back from rs1/,
      sequence: /./,
      firewall: /rs1 has a rule of iptables-legacy.*iptables-legacy -t filter -D INPUT -p tcp -j DROP/,
    },
  },
  {
    title: 'A9: another MAC on the NIC of rs1, which works all the same',
    lab: 'dr',
    shows(seen) {
      const other = '52:54:00:aa:aa:aa';
      for (const nic of seen.of(nics, 'rs1')) nic.mac = other;
      const heard = seen.of(capture, 'client');
      for (const one of heard.replies) if (one.sender === MAC.rs1) one.sender = other;
      for (const one of heard.claims) if (one.mac === MAC.rs1) one.mac = other;
    },
    warns: { nic: /rs1: eth0 has the MAC 52:54:00:aa:aa:aa, planned 52:54:00:01:05:01/ },
  },
  {
    title: 'A10: a second host has the director’s own address',
    lab: 'dr',
    shows(seen) {
      seen.of(capture, 'client').claims.push({ mac: '52:54:00:bb:bb:bb', address: '192.168.1.2', asked: false });
    },
    fails: { 'one-owner': /52:54:00:bb:bb:bb.* has 192\.168\.1\.2, the address of director/ },
  },
  {
    title: 'A10: rs2 has the director’s own address',
    lab: 'dr',
    shows: (seen) => seen.of(addresses, 'rs2').at(-1)?.addresses.push('192.168.1.2/24'),
    fails: {
      'one-owner': /rs2 also has 192\.168\.1\.2, the address of director.*ip address del 192\.168\.1\.2\/24 dev eth0/,
    },
  },
  {
    title: 'A12: SNAT to the director’s inside address',
    lab: 'nat',
    shows(seen, plan) {
      for (const node of both) for (const peer of seen.of(peers, node)) peer.address = insideAddress(plan);
    },
    warns: { source: /rs1 sees 172\.16[\d.]+ \(director\) as the client, not 192\.168\.1\.100/ },
  },
  {
    title: 'A13: all.rp_filter is 1 on rs1, and that of the tunnel as well',
    lab: 'tun',
    shows(seen) {
      silence(seen, 'rs1');
      for (const key of ['all.rp_filter', 'tunl0.rp_filter']) seen.of(sysctls, 'rs1').set(key, 1);
    },
    fails: {
      answers: /./,
      sequence: /./,
      'rp-filter': /sysctl -w net\.ipv4\.conf\.all\.rp_filter=0.*sysctl -w net\.ipv4\.conf\.tunl0\.rp_filter=0/,
    },
  },
  {
    title: 'A14: the VIP of the real servers is on dummy0, quiet and working',
    lab: 'dr',
    shows: (seen) => both.map((node) => moveVip(seen, node, 'dummy0')),
    warns: { vip: /rs1: the VIP is on dummy0, not on lo; rs2: .*; it works in this way/ },
  },
  {
    title: 'A15: ARP is kept quiet by rules, without sysctls',
    lab: 'dr',
    shows(seen) {
      for (const node of both) {
        for (const key of ['all.arp_ignore', 'all.arp_announce']) seen.of(sysctls, node).set(key, 0);
        const drop = { table: 'arp filter', chain: 'INPUT', hook: 'input', what: 'arp daddr ip 192.168.1.3 drop' };
        seen.set(firewallLook, node, { ...seen.of(firewallLook, node), filters: [drop], arpRules: true });
      }
    },
    warns: {
      'arp-quiet': /rs1: arp_ignore 0; arp_announce 0; .*it works in this way/,
      firewall: /requests and answers get through/,
    },
  },
  {
    title: 'A16: REDIRECT of VIP:80 on the real servers, which have no VIP',
    lab: 'dr',
    shows: (seen) => both.map((node) => moveVip(seen, node, undefined)),
    warns: { vip: /rs1: the VIP is missing; rs2: the VIP is missing; it works in this way/ },
  },
  {
    title: 'A17: SNAT on the director, and no gateway on the real servers',
    lab: 'nat',
    shows(seen, plan) {
      for (const node of both) {
        for (const way of seen.of(waysBack, node))
          Object.assign(way, { via: undefined, device: undefined, error: 'Network is unreachable' });
        for (const peer of seen.of(peers, node)) peer.address = insideAddress(plan);
      }
    },
    warns: { gateway: /no route: Network is unreachable; .*it works in this way/, source: /as the client/ },
  },
  {
    title: 'two of the real servers answer ARP for the VIP, and the sysctls are those of the plan',
    lab: 'dr',
    shows: (seen) => seen.of(owners, 'client').get(vip)?.push(MAC.rs1),
    fails: { 'arp-owner': /rs1 answered for the VIP/, 'arp-quiet': /it answers for the VIP/ },
  },
];

for (const { title, lab, shows, fails = {}, warns = {} } of cases) {
  test(title, async (t) => {
    const plan = await planOf(lab);
    const seen = healthy(plan);
    shows(seen, plan);
    const checks = judge(plan, seen);
    const failed = checks.filter(({ ok }) => !ok);
    const warned = checks.filter(({ ok, warning }) => ok && warning);
    t.deepEqual(failed.map(({ id }) => id).sort(), Object.keys(fails).sort());
    t.deepEqual(warned.map(({ id }) => id).sort(), Object.keys(warns).sort());
    for (const { id, observed, hint } of failed) {
      t.regex(`${observed}; ${hintText(hint, lab)}`, fails[id] ?? /^$/, id);
      t.deepEqual(
        hintProblems(
          hint,
          plan,
          checks.map((one) => one.id),
        ),
        [],
        id,
      );
    }
    for (const { id, warning = '' } of warned) t.regex(warning, warns[id] ?? /^$/, id);
    t.deepEqual(
      screenOf(plan, seen).filter((line) => [...line].length > 80 && !/npx lab ssh/.test(line)),
      [],
    );
  });
}

test('A19: the order is predicted from the weights of the live table: who hashes to a weight of 0 is refused', async (t) => {
  const plan = await planOf('dr');
  const [service] = plan.services;
  if (!service) return t.fail();
  Object.assign(service, { scheduler: 'mh', flags: ['mh-port'] });
  const seen = healthy(plan);
  const before = [...seen.of(answers, 'client').values()][0]?.answers ?? [];
  const live = [...service.destinations].reverse().map(({ address, server }) => ({
    address,
    port: 80,
    method: 'Route',
    weight: server === 'rs1' ? 0 : 1,
    active: 0,
    inactive: 0,
  }));
  const row = { protocol: 'TCP', vip, port: 80, ipv6: false, scheduler: 'mh', destinations: live };
  seen.set(order, 'director', [row]);
  const chosen = before.map(({ server }) => server);
  t.true(new Set(chosen).size === 2, 'the ports of these requests hash to both real servers');
  const failed = judge(plan, seen).find(({ id }) => id === 'sequence');
  t.is(failed?.expected, chosen.map((server) => (server === 'rs1' ? 'x' : '2')).join(''));
  silence(seen, 'rs1');
  t.true(judge(plan, seen).find(({ id }) => id === 'sequence')?.ok);
});
