import test from 'ava';
import { listening } from '../../scripts/checks/listening/check.ts';
import { type Listener, listeners } from '../../scripts/checks/listening/look.ts';
import { answers } from '../../scripts/checks/looks/answers.ts';
import { theNode } from '../../scripts/plan/plan.ts';
import { planOf } from '../render/golden.ts';
import { healthy } from './healthy.ts';
import { hintText } from './hint-text.ts';

test('what ss prints of sockets that listen', async (t) => {
  const text = `udp   UNCONN 0      0         127.0.0.53%lo:53        0.0.0.0:*
udp   UNCONN 0      0      [fe80::1]%eth0:546          [::]:*
tcp   LISTEN 0      511                *:80               *:*
tcp   LISTEN 0      128             [::]:22            [::]:*
`;
  const plan = await planOf('dr');
  t.deepEqual(listeners.parse({ in: () => text, during: () => [] }, plan, theNode(plan, 'client')), [
    { protocol: 'udp', address: '127.0.0.53', port: 53 },
    { protocol: 'udp', address: '[fe80::1]', port: 546 },
    { protocol: 'tcp', address: '*', port: 80 },
    { protocol: 'tcp', address: '[::]', port: 22 },
  ]);
});

interface Case {
  lab: string;
  /** Sockets of rs1. */
  sockets: Listener[];
  /** Whether rs1 answers requests. */
  answers?: boolean;
  /** What is seen when the check fails. */
  seen?: RegExp;
}

const tcp = (address: string, port = 80): Listener => ({ protocol: 'tcp', address, port });

const cases: Case[] = [
  { lab: 'dr', sockets: [tcp('*')] },
  { lab: 'dr', sockets: [tcp('0.0.0.0')] },
  { lab: 'dr', sockets: [tcp('192.168.1.4'), tcp('192.168.1.3')] },
  { lab: 'dr', sockets: [tcp('[::ffff:192.168.1.3]')] },
  { lab: 'ipv6-dr', sockets: [tcp('[::]')] },
  { lab: 'ipv6-dr', sockets: [tcp('[fd00:1::3]')] },
  { lab: 'nat', sockets: [tcp('172.16.10.100')] },
  { lab: 'dr', sockets: [tcp('192.168.1.4')], answers: true },
  { lab: 'dr', sockets: [tcp('192.168.1.4')], seen: /^rs1: nobody at 192\.168\.1\.3:80, but at 192\.168\.1\.4:80$/ },
  { lab: 'dr', sockets: [tcp('*', 8080)], seen: /^rs1: nobody at 192\.168\.1\.3:80$/ },
  { lab: 'dr', sockets: [{ ...tcp('*'), protocol: 'udp' }], seen: /nobody at 192\.168\.1\.3:80$/ },
  { lab: 'dr', sockets: [tcp('[::]')], seen: /nobody at 192\.168\.1\.3:80, but at \[::\]:80/ },
  { lab: 'ipv6-dr', sockets: [tcp('0.0.0.0')], seen: /nobody at \[fd00:1::3\]:80, but at 0\.0\.0\.0:80/ },
  { lab: 'nat', sockets: [tcp('192.168.1.10')], seen: /nobody at 172\.16\.10\.100:80, but at 192\.168\.1\.10:80/ },
];

for (const { lab, sockets, answers: answering = false, seen: wanted } of cases) {
  const where = sockets.map(({ protocol, address, port }) => `${protocol} ${address}:${port}`).join(' and ');
  const outcome = wanted ? 'is not where requests arrive' : 'will do';
  test(`lab ${lab}: a real server that listens on ${where}${answering ? ' and answers' : ''} ${outcome}`, async (t) => {
    const plan = await planOf(lab);
    const seen = healthy(plan);
    seen.set(listeners, 'rs1', sockets);
    for (const { answers: all } of seen.of(answers, 'client').values()) {
      if (!answering) for (const one of all) if (one.server === 'rs1') one.server = undefined;
    }
    const [found] = listening.judge(plan, seen);
    t.is(found?.ok, wanted === undefined, found?.observed);
    if (!wanted) return;
    t.regex(found?.observed ?? '', wanted);
    t.regex(hintText(found?.hint, lab), /^port 80 of rs1 .*-- "ss -lntup 'sport = :80'"/);
  });
}
