import test from 'ava';
import { expectedLadder } from '../../scripts/path/expected.ts';
import { tunnelPorts } from '../../scripts/path/follow.ts';
import type { Sighting } from '../../scripts/path/followed.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import * as build from '../capture/build.ts';
import { planOf } from '../render/golden.ts';
import { caseOf } from './cases.ts';
import { printed, tracked } from './drawn.ts';
import { begin, clientPort, conversation, frameOf, type MadeHop, type MadeSegment, macOf } from './made.ts';

/** Frames over the planned hops, with what a builder puts into each. */
function over(
  plan: Plan,
  way: 'there' | 'back',
  from: number,
  inside: (source: number, target: number) => build.Inside,
): Sighting[] {
  const [service] = plan.services;
  if (!service) throw new Error('no service');
  const [port = 0] = service.endpoints.map((one) => one.port);
  const server = service.destinations[0]?.server;
  return expectedLadder(plan, service, { clientPort, port }, { server })[way].map((wire, at) => {
    const [source, target] = [wire.source, wire.target].map(({ address, port: own }) => `${address} ${own}`);
    const hop = { ...wire, source, target } as unknown as MadeHop;
    return frameOf(plan, hop, inside, from + at * 250);
  });
}

test('a question by UDP and its answer are two packets, by NAT too', async (t) => {
  const plan = await planOf('udp-dns');
  const [service] = plan.services;
  if (!service) throw new Error('no service');
  const ask = (source: number, target: number) => build.udp(source, target, build.data(40));
  const say = (source: number, target: number) => build.udp(source, target, build.data(90));
  const found = tracked(plan, service, [...over(plan, 'there', begin, ask), ...over(plan, 'back', begin + 2000, say)]);
  t.deepEqual(found.differences, []);
  t.is(found.end, undefined);
  t.deepEqual(
    found.followed.packets.map(({ label, phase }) => [label, phase]),
    [
      ['request, 40 bytes', 'request'],
      ['answer, 90 bytes', 'answer'],
    ],
  );
});

test('the chunks of SCTP have their names', async (t) => {
  const plan = await planOf('sctp');
  const [service] = plan.services;
  if (!service) throw new Error('no service');
  const chunk =
    (type: number, length = 20) =>
    (source: number, target: number) =>
      build.sctp(source, target, [{ type, length }]);
  const rows: ['there' | 'back', number][] = [
    ['there', 1],
    ['back', 2],
    ['there', 10],
    ['back', 11],
    ['back', 0],
    ['there', 3],
    ['there', 7],
  ];
  const frames = rows.flatMap(([way, type], at) => over(plan, way, begin + at * 2000, chunk(type, 20 + 4 * at)));
  const found = tracked(plan, service, frames);
  t.deepEqual(found.differences, []);
  t.is(found.end, undefined);
  t.deepEqual(
    found.followed.packets.map(({ label }) => label),
    ['INIT', 'INIT ACK', 'COOKIE ECHO', 'COOKIE ACK', 'answer, 20 bytes', 'SACK', 'SHUTDOWN'],
  );
});

test('fragments of a packet are one hop', async (t) => {
  const { plan, service, server, there, back } = await caseOf('tun');
  const [first, second] = there;
  if (!first || !second?.tunnel) throw new Error('hops');
  const big: MadeSegment = { way: 'there', flags: ['ACK'], payload: 1448 };
  const frames = conversation(plan, { there, back }, [
    { way: 'there', flags: ['SYN'] },
    { way: 'back', flags: ['SYN', 'ACK'] },
    big,
  ]);
  // The packet in the tunnel, as the director cuts it: 1480 bytes, and the rest.
  const last = frames.pop();
  if (!last) throw new Error('frames');
  const inner = [...last.bytes.subarray(34)];
  const parts = [inner.slice(0, 1480), inner.slice(1480)].map((bytes, at) => {
    const fragment = { id: 7, offset: at * 1480, more: at === 0 };
    const { source, target } = second.tunnel ?? { source: '', target: '' };
    const outer = build.ipv4({ source, target, ttl: 63, fragment }, { protocol: 4, bytes });
    const whole = build.ethernet(macOf(plan, 'director', 'front'), macOf(plan, 'rs1', 'front'), outer);
    return { ...last, time: last.time + at, bytes: whole, length: whole.length };
  });
  const found = tracked(plan, service, [...frames, ...parts], { server });
  t.is(found.followed.others, 0);
  t.deepEqual(
    found.followed.packets.at(-1)?.hops.map(({ frames: some }) => some.length),
    [1, 2],
  );
  t.deepEqual(found.differences, []);
  t.regex(printed(plan, found), /in 2 fragments/);
});

test('the UDP ports of tunnels are those of the plan', async (t) => {
  t.deepEqual([...new Set(tunnelPorts(await planOf('tun-gue')))], [6080]);
  t.deepEqual(tunnelPorts(await planOf('tun')), []);
});
