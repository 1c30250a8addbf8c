import test from 'ava';
import { diagnose } from '../../scripts/diagnosis/diagnose.ts';
import { type LineSeen, lostRows, parseEchoes } from '../../scripts/diagnosis/echoes/echoes.ts';
import { planOf } from '../render/golden.ts';
import { evidenceOf, fact } from './evidence.ts';

const dr = await planOf('dr');

/** What ping prints. @param missing numbers of pings that get no answer */
function pinged(node: string, kind: string, sent: number, missing: number[], time = 1.5, extra: string[] = []): string {
  const lines = Array.from({ length: sent }, (_, at) => at + 1)
    .filter((at) => !missing.includes(at))
    .map((at) => `64 bytes from 192.168.1.4: icmp_seq=${at} ttl=64 time=${time} ms`);
  const end = `${sent} packets transmitted, ${lines.length} received, 0% packet loss, time 1000ms`;
  return [`@@echo ${node} ${kind}`, 'PING 192.168.1.4 …', ...lines, ...extra, '--- statistics ---', end, ''].join('\n');
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

function seen(
  node: string,
  missing: number[],
  longMissing: number[] = [],
  time = 1.5,
  extra: string[] = [],
): LineSeen[] {
  return parseEchoes(pinged(node, 'short', 50, missing, time, extra) + pinged(node, 'long', 10, longMissing, time));
}

const well = [...seen('rs2', []), ...seen('client', [])];

const named = (lines: LineSeen[]) =>
  diagnose(evidenceOf(dr, { lines, failed: ['answers'], silent: ['rs1'] })).causes.map(
    ({ id, node }) => `${id} ${node}`,
  );

test('the output of ping is read: which pings were answered, how long that took', (t) => {
  const [line] = seen('rs1', [3, 4, 5, 9]);
  t.is(line?.short.sent, 50);
  t.is(line?.short.back.length, 46);
  t.deepEqual(
    lostRows(line?.short ?? { sent: 0, back: [], times: [], duplicates: 0, overtaken: 0, tooLong: false }),
    [3, 1],
  );
});

for (const [what, line, expected] of [
  ['loses a few', seen('rs1', [7, 12]), []],
  ['loses many', seen('rs1', [1, 4, 9, 12, 17, 22, 23, 30, 41]), ['line-loss rs1']],
  [
    'loses many in a row',
    seen(
      'rs1',
      upTo(20).map((at) => at + 15),
    ),
    ['line-bursts rs1'],
  ],
  ['loses all', seen('rs1', upTo(50), upTo(10)), ['line-cut rs1']],
  ['loses long ones', seen('rs1', [], upTo(10)), ['line-short-frames rs1']],
  ['delays', seen('rs1', [], [], 750), ['line-delay rs1']],
  [
    'doubles',
    seen(
      'rs1',
      [],
      [],
      1.5,
      upTo(25).map((at) => `64 bytes from 192.168.1.4: icmp_seq=${at} ttl=64 time=2 ms (DUP!)`),
    ),
    ['line-duplicates rs1'],
  ],
] as [string, LineSeen[], string[]][]) {
  test(`a line that ${what}`, (t) => {
    t.deepEqual(named([...line, ...well]), expected);
  });
}

test('where all lines are bad, it is that of the director', (t) => {
  const all = ['rs1', 'rs2', 'client'].flatMap((node) => seen(node, upTo(30)));
  t.deepEqual(named(all), ['line-bursts director']);
});

test('a slow computer is slow on every line: that is no fault', (t) => {
  const all = ['rs1', 'rs2', 'client'].flatMap((node) => seen(node, [], [], 90));
  t.deepEqual(named(all), []);
});

test('a firewall that drops pings is no bad line', (t) => {
  const states = {
    rs1: [[], [fact('nft', 'chain inet own input', 'type filter hook input priority filter; policy drop;')]],
  } as never;
  const found = diagnose(
    evidenceOf(dr, { states, lines: [...seen('rs1', upTo(50)), ...well], failed: ['answers'], silent: ['rs1'] }),
  );
  t.deepEqual(
    found.causes.map(({ id }) => id),
    ['firewall-ssh-only'],
  );
});

test('a module that was loaded and a setting of routing do not hide a bad line', (t) => {
  const states = {
    rs1: [
      [fact('sysctl', 'net.ipv4.conf.all.send_redirects', '1')],
      [fact('sysctl', 'net.ipv4.conf.all.send_redirects', '0'), fact('module', 'nf_tables')],
    ],
  } as never;
  const lines = [...seen('rs1', upTo(50), upTo(10)), ...well];
  const { causes } = diagnose(evidenceOf(dr, { states, lines, failed: ['answers'], silent: ['rs1'] }));
  t.is(causes[0]?.id, 'line-cut');
  t.deepEqual(causes[0]?.evidence, [
    'none of 50 pings to rs1 was answered',
    'lab up has recorded no state of director, so a setting there may also be the reason',
  ]);
});

test('in NAT a bad line of the director to the back network is told apart from its other one', async (t) => {
  const nat = await planOf('nat');
  const [one = '', other = ''] = nat.realServers.map(({ node }) => node);
  const lines = [...seen(one, upTo(50), upTo(10)), ...seen(other, upTo(50), upTo(10)), ...seen('client', [])];
  const { causes } = diagnose(evidenceOf(nat, { lines, failed: ['answers'], silent: [one, other] }));
  t.deepEqual(
    causes.map(({ id, object }) => `${id}: ${object}`),
    ['line-cut: the line of director to back'],
  );
});

test('a router that tells the MTU of the way is no silent one', (t) => {
  const told = 'From 192.168.1.2 icmp_seq=1 Frag needed and DF set (mtu = 1400)';
  const [line] = parseEchoes(pinged('rs1', 'long', 10, upTo(10), 1, [told]));
  t.true(line?.long.tooLong);
});
