import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import test from 'ava';
import { listening } from '../../scripts/checks/listening/check.ts';
import { listeners } from '../../scripts/checks/listening/look.ts';
import { answers } from '../../scripts/checks/looks/answers.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { theNode } from '../../scripts/plan/plan.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderer } from '../../scripts/render/render.ts';
import type { ListeningSocket } from '../../scripts/state/listening-socket.ts';
import { planOf } from '../render/golden.ts';
import { healthy } from './healthy.ts';
import { hintText } from './hint-text.ts';

test('what /proc says of sockets that listen', async (t) => {
  const text = `/proc/net/tcp:   0: 0301A8C0:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 16010 1 0000000000000000 100 0 0 10 0
/proc/net/tcp:   1: 0401A8C0:0050 6401A8C0:4E20 06 00000000:00000000 03:00000F53 00000000     0        0 0 3 0000000000000000
/proc/net/tcp:   2: 0100007F:1F90 0100007F:A4B2 07 00000000:00000000 00:00000000 00000000     0        0 0 1 0000000000000000 20 4 0 10 -1
/proc/net/tcp6:   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 17001 1 0000000000000000 100 0 0 10 0
/proc/net/tcp6:   1: 010000FD000000000000000003000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 17002 1 0000000000000000 100 0 0 10 0
/proc/net/tcp6:   2: 0000000000000000FFFF00000401A8C0:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 17003 1 0000000000000000 100 0 0 10 0
/proc/net/udp: 1843: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000   101        0 15001 2 0000000000000000 0
/proc/net/udp: 1844: 0401A8C0:D431 0201A8C0:007B 01 00000000:00000000 00:00000000 00000000   101        0 15002 2 0000000000000000 0
`;
  const plan = await planOf('dr');
  t.deepEqual(listeners.parse({ in: () => text, during: () => [] }, plan, theNode(plan, 'client')), [
    { protocol: 'tcp', address: '192.168.1.3', port: 80 },
    { protocol: 'tcp', address: '::', port: 22 },
    { protocol: 'tcp', address: 'fd00:1::3', port: 80 },
    { protocol: 'tcp', address: '::ffff:c0a8:104', port: 80 },
    { protocol: 'udp', address: '0.0.0.0', port: 53 },
  ]);
});

test('the sockets of this computer, as its kernel and its programs say', async (t) => {
  const plan = await planOf('dr');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const render = renderer(await loadTemplates(projectRoot));
  const look = render({ template: 'checks/listening/list', context: { processes: ['node'] } });
  const text = spawnSync('/bin/sh', ['-uc', look], { encoding: 'utf8' }).stdout;
  const found = listeners.parse({ in: () => text, during: () => [] }, plan, theNode(plan, 'client'));
  t.true(found.some((one) => one.protocol === 'tcp' && one.address === '127.0.0.1' && one.port === port));
});

interface Case {
  lab: string;
  /** Sockets of rs1. */
  sockets: ListeningSocket[];
  /** Whether rs1 answers requests. */
  answers?: boolean;
  /** What is seen when the check fails. */
  seen?: RegExp;
}

const tcp = (address: string, port = 80): ListeningSocket => ({ protocol: 'tcp', address, port });

const cases: Case[] = [
  { lab: 'dr', sockets: [tcp('::')] },
  { lab: 'dr', sockets: [tcp('0.0.0.0')] },
  { lab: 'dr', sockets: [tcp('192.168.1.4'), tcp('192.168.1.3')] },
  { lab: 'dr', sockets: [tcp('::ffff:c0a8:103')] },
  { lab: 'ipv6-dr', sockets: [tcp('::')] },
  { lab: 'ipv6-dr', sockets: [tcp('fd00:1::3')] },
  { lab: 'nat', sockets: [tcp('172.16.10.100')] },
  { lab: 'dr', sockets: [tcp('192.168.1.4')], answers: true },
  {
    lab: 'dr',
    sockets: [tcp('192.168.1.4')],
    seen: /^rs1: no socket at 192\.168\.1\.3:80, only at 192\.168\.1\.4:80$/,
  },
  { lab: 'dr', sockets: [tcp('0.0.0.0', 8080)], seen: /^rs1: no socket at 192\.168\.1\.3:80$/ },
  { lab: 'dr', sockets: [{ ...tcp('::'), protocol: 'udp' }], seen: /no socket at 192\.168\.1\.3:80$/ },
  { lab: 'ipv6-dr', sockets: [tcp('fd00:1::4')], seen: /no socket at \[fd00:1::3\]:80, only at \[fd00:1::4\]:80/ },
  { lab: 'ipv6-dr', sockets: [tcp('0.0.0.0')], seen: /no socket at \[fd00:1::3\]:80, only at 0\.0\.0\.0:80/ },
  { lab: 'nat', sockets: [tcp('192.168.1.10')], seen: /no socket at 172\.16\.10\.100:80, only at 192\.168\.1\.10:80/ },
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
    t.regex(hintText(found?.hint, lab), /^nobody on rs1 listens on .*:80.* -- "ss -lntup 'sport = :80'"/);
  });
}
