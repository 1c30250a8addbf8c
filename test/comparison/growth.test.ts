import test from 'ava';
import { curvesOf, growthPlan, instructionsOf, largest, parseClock, ways } from '../../scripts/comparison/growth.ts';

/** As Linux prints it, without the lines between. */
const timers = `Timer List Version: v0.10
HRTIMER_MAX_CLOCK_BASES: 8
now at 5000000400 nsecs

cpu: 0
  .tick_stopped   : 0
  .idle_sleeptime : 4000000000 nsecs
  .iowait_sleeptime: 100 nsecs
`;

test('a clock is read with the time that the CPU was idle', (t) => {
  t.deepEqual(parseClock(timers), { now: 5_000_000_400, idle: 4_000_000_100 });
  t.is(parseClock('now at 5 nsecs\n'), undefined);
  t.is(parseClock(''), undefined);
});

test('a request costs what the CPU did more than at rest, whatever the lengths', (t) => {
  const start = { now: 1000, idle: 500 };
  // Busy for 9000 of 20000 ns; at rest for 1000 of 10000 ns.
  const work = [start, { now: 21_000, idle: 11_500 }] as const;
  const rest = [start, { now: 11_000, idle: 9500 }] as const;
  t.is(instructionsOf({ requests: 5, work, rest }), (9000 - 2000) / 4 / 5);
});

test('the ways are measured side by side, and only one thing grows at a time', (t) => {
  const plan = growthPlan(largest);
  t.deepEqual(
    plan.slice(0, ways.length).map(({ way, size }) => `${way} ${size}`),
    ways.map((way) => `${way} 2`),
  );
  for (const { axis, size, all } of plan) {
    t.deepEqual(all, { servers: 2, services: 1, [axis]: size });
  }
  t.true(plan.some(({ axis, size }) => axis === 'services' && size === 100));
  t.deepEqual(
    growthPlan({ servers: 4, services: 1 }, ['ipvs']).map(({ axis, size }) => `${axis} ${size}`),
    ['servers 2', 'servers 4', 'services 1'],
  );
});

test('a curve has the medians of its rounds and the law that they follow', (t) => {
  const measured = [0, 1, 2].flatMap((round) =>
    [1, 10, 100].flatMap((size) => [
      { axis: 'services' as const, size, way: 'rules' as const, instructions: 1000 + 50 * size + round },
      { axis: 'services' as const, size, way: 'ipvs' as const, instructions: 1000 + round },
    ]),
  );
  const [ipvs, rules] = curvesOf(measured);
  t.deepEqual([ipvs?.way, ipvs?.law.name, rules?.law.name], ['ipvs', 'constant', 'linear']);
  t.deepEqual(rules?.points[0], { size: 1, instructions: { median: 1051, least: 1050, most: 1052 } });
  t.true(Math.abs((rules?.law.slope ?? 0) - 50) < 1e-6);
});
