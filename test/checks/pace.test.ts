import test from 'ava';
import { judge } from '../../scripts/checks/judge.ts';
import { addresses } from '../../scripts/checks/looks/addresses.ts';
import { answers } from '../../scripts/checks/looks/answers.ts';
import { counters } from '../../scripts/checks/looks/counters.ts';
import { nics } from '../../scripts/checks/looks/nics.ts';
import { parseTcp, tcpCounters } from '../../scripts/checks/looks/tcp-counters.ts';
import { capture } from '../../scripts/checks/source/look.ts';
import { planOf } from '../render/golden.ts';
import { healthy, MAC, type Seen } from './healthy.ts';
import { hintText } from './hint-text.ts';

const dr = await planOf('dr');

function outcome(seen: Seen, id: string) {
  const found = judge(dr, seen).find((one) => one.id === id);
  return { ok: found?.ok, observed: found?.observed, warning: found?.warning, hint: hintText(found?.hint, 'dr') };
}

const askedIn = (seen: Seen) => [...seen.of(answers, 'client').values()][0];

/** Answers of a real server take so long. */
function slow(seen: Seen, server: string, seconds: number): void {
  for (const one of askedIn(seen)?.answers ?? []) if (one.server === server) one.seconds = seconds;
}

/** The first packet of these requests of a real server was sent again. */
function again(seen: Seen, server: string, times: number): void {
  const own = askedIn(seen)?.answers.filter((one) => one.server === server) ?? [];
  seen.of(capture, 'client').tries.push(...own.slice(0, times).map(({ localPort }) => localPort));
}

function netem(seen: Seen, node: string): void {
  for (const one of seen.of(addresses, node)) if (one.name === 'eth0') one.queue = 'netem';
}

/** The large requests that go to a real server hang. */
function hang(seen: Seen, server: string): void {
  const asked = askedIn(seen);
  const first = dr.services[0]?.requests ?? 0;
  // rr: the one that was added last comes first.
  asked?.large.forEach((one, at) => {
    if (((first + at) % 2 === 0 ? 'rs2' : 'rs1') !== server) return;
    Object.assign(one, { status: 0, error: 'Operation timed out after 5001 milliseconds with 0 bytes received' });
  });
}

test('A5: answers of one real server that are much later than the others’ are a warning, with what was seen of its NIC', (t) => {
  const seen = healthy(dr);
  slow(seen, 'rs1', 3.02);
  again(seen, 'rs1', 6);
  netem(seen, 'rs1');
  t.like(outcome(seen, 'pace'), {
    ok: true,
    warning: 'answers of rs1 take 3.0 s, those of others 0.010 s: eth0 of rs1 has the qdisc netem',
  });
});

test('A4: connections that had to be tried again are a warning, with the real server and the qdisc of its NIC', (t) => {
  const seen = healthy(dr);
  again(seen, 'rs1', 4);
  netem(seen, 'rs1');
  seen.set(tcpCounters, 'client', { sent: 130, again: 7, afterGap: 0, patience: 1 });
  t.like(outcome(seen, 'pace'), {
    ok: true,
    warning:
      'rs1: connections had to be tried again 4 times: eth0 of rs1 has the qdisc netem; the client sent 7 of 130 TCP segments again',
  });
});

test('one late answer, one packet sent again, and a busy computer are no warning', (t) => {
  const seen = healthy(dr);
  const [one] = askedIn(seen)?.answers ?? [];
  if (one) one.seconds = 4;
  again(seen, 'rs1', 1);
  seen.set(tcpCounters, 'client', { sent: 130, again: 2, afterGap: 1, patience: 1 });
  t.is(outcome(seen, 'pace').warning, undefined);
  seen.set(tcpCounters, 'client', { sent: 130, again: 12, afterGap: 9, patience: 5 });
  for (const server of ['rs1', 'rs2']) slow(seen, server, 2);
  t.is(outcome(seen, 'pace').warning, undefined);
});

test('A18: large requests that hang while small ones pass fail the check, and nothing is said of small ones', (t) => {
  const seen = healthy(dr);
  hang(seen, 'rs1');
  t.deepEqual(outcome(seen, 'large'), {
    ok: false,
    observed: '1 of 2; rs1: Operation timed out with 0 bytes received',
    warning: undefined,
    hint: 'small requests to rs1 are answered, and large ones are not: packets of full size seem to be dropped; npx lab path dr --to rs1 --size 20000; mtu; firewall',
  });
  t.true(outcome(seen, 'answers').ok);
});

test('a large request that does not end where packets of any size are lost is a warning: that line loses everything', (t) => {
  const seen = healthy(dr);
  hang(seen, 'rs1');
  again(seen, 'rs1', 3);
  t.like(outcome(seen, 'large'), {
    ok: true,
    warning:
      '1 of 2; rs1: Operation timed out with 0 bytes received; small requests to rs1 were slow or sent again as well',
  });
});

test('large requests that hang beside a single packet that was sent again fail the check, and so do those of which none is answered', (t) => {
  const seen = healthy(dr);
  hang(seen, 'rs1');
  again(seen, 'rs1', 1);
  t.false(outcome(seen, 'large').ok);
  for (const server of ['rs1', 'rs2']) again(seen, server, 5);
  hang(seen, 'rs2');
  t.false(outcome(seen, 'large').ok);
});

test('a large request that is answered with an error is not taken for one that was dropped', (t) => {
  const seen = healthy(dr);
  const [asked] = [...seen.of(answers, 'client').values()];
  for (const one of asked?.large ?? []) Object.assign(one, { status: 413, error: undefined });
  t.regex(outcome(seen, 'large').hint ?? '', /answers? large requests with status 413/);
});

test('A11: a small MTU that large packets get along with is a warning, and one that they do not is a failure', (t) => {
  const seen = healthy(dr);
  for (const nic of seen.of(nics, 'rs1')) nic.mtu = 576;
  t.like(outcome(seen, 'mtu'), { ok: true, warning: 'rs1: eth0 576, planned 1500; requests and answers get through' });
  hang(seen, 'rs1');
  t.like(outcome(seen, 'mtu'), { ok: false, observed: 'rs1: eth0 576' });
});

test('packets that were too large for a tunnel and are sent again are no loss, and ICMP errors of the director are no answers', async (t) => {
  const plan = await planOf('tun');
  const seen = healthy(plan);
  const outcomeOf = (id: string) => judge(plan, seen).find((one) => one.id === id);
  seen.set(tcpCounters, 'client', { sent: 143, again: 12, afterGap: 0, patience: 1 });
  seen.of(counters, 'director').after.outPackets = 2;
  t.false(outcomeOf('fingerprint')?.ok);
  t.truthy(outcomeOf('pace')?.warning);
  const text = 'ICMP 192.168.1.3 unreachable - need to frag (mtu 1480)';
  seen.of(capture, 'client').complaints.push({ sender: MAC.director, text }, { sender: MAC.director, text });
  t.like(outcomeOf('fingerprint'), { ok: true, observed: 'InPkts 60, OutPkts 2 (2 ICMP errors)' });
  t.is(outcomeOf('pace')?.warning, undefined);
  t.true(outcomeOf('answers')?.ok);
});

test('what TCP of the client has counted, without what had arrived at the first try', (t) => {
  const text = (sent: number, again: number, dsack: number, gaps: number) => `@@waiting 6
Ip: Forwarding DefaultTTL
Ip: 2 64
Tcp: RtoAlgorithm RtoMin OutSegs RetransSegs InErrs
Tcp: 1 200 ${sent} ${again} 0
TcpExt: SyncookiesSent TCPDSACKRecv TCPOFOQueue
TcpExt: 0 ${dsack} ${gaps}
IpExt: InNoRoutes
IpExt: 0
`;
  t.deepEqual(parseTcp(text(100, 5, 1, 0), text(230, 12, 3, 4)), { sent: 130, again: 5, afterGap: 4, patience: 3 });
});
