import test from 'ava';
import fc from 'fast-check';
import { Feed } from '../../scripts/watch/feed.ts';
import { type Looked, lookText, mostConnections, readLook } from '../../scripts/watch/look.ts';
import { Rate } from '../../scripts/watch/rate.ts';
import { addArrivals, arrivals, directorState } from '../../scripts/watch/state.ts';
import { sizedPlan } from '../page/reports.ts';
import { planOf } from '../render/golden.ts';
import { ScriptedLab } from './scripted.ts';

test('a director is shown as its kernel tells, with the names of the plan', async (t) => {
  const plan = await planOf('dr');
  const lab = new ScriptedLab(plan);
  lab.held = [2, 1];
  const state = directorState(plan, 'director', readLook(lab.text()));
  t.deepEqual(state.services, [
    {
      name: 'TCP 192.168.1.3:80',
      scheduler: 'rr',
      servers: [
        { server: 'rs1', address: '192.168.1.4:80', method: 'Route', weight: 1, active: 0, inactive: 2 },
        { server: 'rs2', address: '192.168.1.5:80', method: 'Route', weight: 1, active: 1, inactive: 0 },
      ],
    },
  ]);
  t.deepEqual(
    state.connections.map(({ client, server }) => [client, server]),
    [
      ['192.168.1.100:20000', 'rs1'],
      ['192.168.1.100:20001', 'rs1'],
      ['192.168.1.100:22000', 'rs2'],
    ],
  );
  t.is(state.more, 0);
});

test('of a long connection table only the beginning is read, and the rest is counted', async (t) => {
  t.true(lookText.includes(`head -n ${mostConnections + 3} `));
  const plan = await sizedPlan('dr', 16);
  const lab = new ScriptedLab(plan);
  lab.held = plan.realServers.map(() => 700);
  const state = directorState(plan, 'director', readLook(lab.text()));
  t.is(state.connections.length, mostConnections);
  t.is(state.more, 16 * 700 - mostConnections);
});

test('every new connection is counted once, however long the table is', async (t) => {
  const plan = await sizedPlan('dr', 4);
  const lab = new ScriptedLab(plan);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.nat(60), { minLength: 4, maxLength: 4 }), { maxLength: 8 }),
      async (steps) => {
        lab.held = [0, 0, 0, 0];
        let last = new Map([['director', readLook(lab.text())]]);
        let sum = {};
        for (const grown of steps) {
          lab.held = lab.held.map((count, at) => count + (grown[at] ?? 0));
          const now = new Map([['director', readLook(lab.text())]]);
          sum = addArrivals(sum, arrivals(plan, last, now));
          last = now;
        }
        const expected = lab.held.map((count, at) => [`rs${at + 1}`, count] as const).filter(([, count]) => count > 0);
        t.deepEqual(sum, expected.length > 0 ? { director: Object.fromEntries(expected) } : {});
      },
    ),
    { numRuns: 40 },
  );
});

test('a connection that both directors have is one', async (t) => {
  const plan = await planOf('dr');
  const lab = new ScriptedLab(plan);
  const none = readLook(lab.text());
  lab.held = [1, 1];
  const one = readLook(lab.text());
  const both = (look: Looked) =>
    new Map([
      ['director', look],
      ['backup', look],
    ]);
  t.deepEqual(arrivals(plan, both(none), both(one)), { director: { rs1: 1, rs2: 1 } });
});

test('connections that come while as many end are counted by the kernel’s counter, and shared by who holds how many', async (t) => {
  const plan = await sizedPlan('dr', 4);
  const lab = new ScriptedLab(plan);
  lab.held = [300, 300, 300, 100];
  const before = new Map([['director', readLook(lab.text())]]);
  lab.ended = 250;
  const now = new Map([['director', readLook(lab.text())]]);
  t.deepEqual(arrivals(plan, before, now), { director: { rs1: 75, rs2: 75, rs3: 75, rs4: 25 } });
});

test('no sum is lost, whatever ends meanwhile; nothing arrives while the kernel counts nothing, or anew', async (t) => {
  const plan = await sizedPlan('dr', 3);
  const lab = new ScriptedLab(plan);
  const counts = fc.array(fc.integer({ min: 40, max: 900 }), { minLength: 3, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(counts, counts, fc.integer({ min: -50, max: 5000 }), async (first, second, counted) => {
      lab.held = first;
      lab.ended = 10_000;
      const before = readLook(lab.text());
      lab.held = second;
      const now = { ...readLook(lab.text()), counted: before.counted + counted };
      const found = arrivals(plan, new Map([['director', before]]), new Map([['director', now]]));
      const sum = Object.values(found.director ?? {}).reduce((all, one) => all + one, 0);
      t.is(sum, Math.max(0, counted));
    }),
    { numRuns: 40 },
  );
});

test('the curve goes on when one director takes over from another, and knows what it does not know', (t) => {
  const rate = new Rate();
  const add = (now: number, counted: Record<string, number>) => rate.add(now, new Map(Object.entries(counted)));
  t.false(add(0, { one: 1000, two: 0 }));
  t.false(add(500, { one: 1010, two: 0 }));
  t.true(add(1000, { one: 1020, two: 0 }));
  t.true(add(2000, { one: 1020, two: 30 }), 'the other has taken over');
  t.true(add(3000, { two: 70 }), 'the first cannot be asked');
  t.true(add(4000, { one: 0, two: 110 }), 'the first counts from nothing');
  t.true(add(5000, { one: 5, two: 150 }));
  t.true(add(6000, {}), 'none can be asked');
  t.true(add(7000, { two: 9000 }));
  t.true(add(8000, { two: 9001 }));
  t.deepEqual(rate.points, [20, 30, 40, 40, 45, null, null, 1]);
  rate.rest();
  t.false(add(600_000, { two: 20_000 }), 'what came while nobody watched is no point');
  t.true(add(601_000, { two: 20_002 }));
  t.is(rate.points.at(-1), 2);
});

test('what is no table is an empty one', async (t) => {
  const plan = await planOf('dr');
  for (const text of ['', 'sh: not found', '@@table\n@@counters\n@@connections', '@@connections\nx y z']) {
    const { services, connections, more } = directorState(plan, 'director', readLook(text));
    t.deepEqual([services, connections, more], [[], [], 0]);
  }
});

test('a page gets each section that changed since its last event, once, as it is now', (t) => {
  const feed = new Feed();
  t.is(feed.since(undefined), undefined);
  feed.set('a', 1);
  feed.set('b', { c: 1 });
  const first = feed.since(undefined);
  t.deepEqual(first?.sections, { a: 1, b: { c: 1 } });
  feed.set('b', { c: 1 });
  t.is(feed.since(first?.id), undefined, 'the same value is no change');
  for (let count = 2; count < 1000; count++) feed.set('a', count);
  const second = feed.since(first?.id);
  t.deepEqual(second?.sections, { a: 999 });
  t.is(feed.since(second?.id), undefined);
});

test('what a page knows of another run of the server counts for nothing', (t) => {
  const [before, now] = [new Feed(), new Feed()];
  for (let count = 0; count < 10; count++) before.set('a', count);
  now.set('a', 1);
  for (const id of [
    before.since(undefined)?.id,
    '',
    'x',
    '.',
    `${now.since(undefined)?.id.split('.')[0]}.x`,
    '1.9e9',
  ]) {
    t.deepEqual(now.since(id)?.sections, { a: 1 }, id);
  }
});
