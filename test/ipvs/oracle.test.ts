import test from 'ava';
import fc from 'fast-check';
import { hsiphash } from '../../scripts/ipvs/oracle/hash.ts';
import { greatestCommonDivisor } from '../../scripts/ipvs/oracle/model.ts';
import { models, type SimulatedServer, simulate } from '../../scripts/ipvs/oracle/simulate.ts';
import type { Scheduler, SchedulerFlag } from '../../scripts/model/words.ts';

const server = (name: string, at: number, weight: number): SimulatedServer => ({
  name,
  address: `192.168.1.${4 + at}`,
  port: 80,
  weight,
});

interface Scenario {
  weights: number[];
  count: number;
  held?: boolean;
  flags?: SchedulerFlag[];
  upper?: number;
  clients?: string[];
}

/** Picks of servers A, B, C, …, added in that order; '-' where IPVS refuses. */
function picks(
  scheduler: Scheduler,
  { weights, count, held = false, flags = [], upper = 0, clients }: Scenario,
): string {
  const servers = weights.map((weight, at) => ({ ...server(String.fromCharCode(65 + at), at, weight), upper }));
  const connections = Array.from({ length: count }, (_, at) => ({
    client: clients?.[at % clients.length] ?? '192.168.1.100',
    clientPort: 10000 + at,
    held,
  }));
  return simulate({ vip: '192.168.1.3', scheduler, flags, servers }, connections)
    .map((name) => name ?? '-')
    .join('');
}

// Sequences that were seen on a running kernel; test/e2e/schedulers.test.ts meets them again.
const seen: [scheduler: Scheduler, scenario: Scenario, picks: string][] = [
  ['rr', { weights: [1, 1, 1], count: 6 }, 'CBACBA'],
  ['rr', { weights: [1, 0, 1], count: 4 }, 'CACA'],
  ['wrr', { weights: [3, 2, 1], count: 12 }, 'CBAABACBAABA'],
  ['wrr', { weights: [1, 2, 3], count: 12 }, 'CBACCBCBACCB'],
  ['wrr', { weights: [4, 2], count: 6 }, 'BAABAA'],
  ['lc', { weights: [1, 1, 1], count: 6 }, 'CBACBA'],
  ['wlc', { weights: [3, 2, 1], count: 6 }, 'CBAABA'],
  ['wlc', { weights: [3, 2, 1], count: 12, held: true }, 'CBAABACBAABA'],
  ['sed', { weights: [3, 2, 1], count: 6 }, 'AAAAAA'],
  ['sed', { weights: [3, 2, 1], count: 12, held: true }, 'ABACBAABACBA'],
  ['nq', { weights: [3, 2, 1], count: 6 }, 'CCCCCC'],
  ['nq', { weights: [3, 2, 1], count: 12, held: true }, 'CBAABAABACBA'],
  ['fo', { weights: [3, 2, 1], count: 4 }, 'AAAA'],
  ['ovf', { weights: [2, 1], count: 6, held: true }, 'AAABB-'],
];

for (const [scheduler, scenario, expected] of seen) {
  const { weights, held = false } = scenario;
  test(`${scheduler}, weights ${weights.join(':')}, connections ${held ? 'held' : 'closed'}`, (t) => {
    t.is(picks(scheduler, scenario), expected);
  });
}

test('hsiphash is the kernel’s: the vector of lib/test_siphash.c for four bytes', (t) => {
  t.is(hsiphash(0x03020100, [0x0706050403020100n, 0x0f0e0d0c0b0a0908n]), 0x88d38328);
});

const weights = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 6 });

test('wrr: any window of Σw/gcd picks holds each server w/gcd times', (t) => {
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 9 }), fc.nat(20), (base, factor, start) => {
      const all = base.map((weight) => weight * factor);
      const divisor = greatestCommonDivisor(all);
      fc.pre(divisor > 0);
      const window = all.reduce((sum, weight) => sum + weight, 0) / divisor;
      const row = picks('wrr', { weights: all, count: start + window }).slice(start);
      return all.every((weight, at) => row.split(String.fromCharCode(65 + at)).length - 1 === weight / divisor);
    }),
  );
  t.pass();
});

test('every scheduler: weight 0 gets nothing, and no connection is refused while a real server is available', (t) => {
  const names = Object.keys(models) as Scheduler[];
  fc.assert(
    fc.property(fc.constantFrom(...names), weights, (scheduler, all) => {
      const row = picks(scheduler, { weights: all, count: 20, flags: flagsOf(scheduler) });
      const able = all.flatMap((weight, at) => (weight > 0 ? String.fromCharCode(65 + at) : []));
      // dh has no way around a server that is not available.
      const refusals = able.length === 0 || scheduler === 'dh' ? ['-'] : [];
      return [...row].every((pick) => able.includes(pick) || refusals.includes(pick));
    }),
    { numRuns: 300 },
  );
  t.pass();
});

test('wlc with held connections: loads by weight differ by less than one connection of the lightest', (t) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 6 }), fc.nat(60), (all, count) => {
      const row = picks('wlc', { weights: all, count, held: true });
      const loads = all.map((weight, at) => (row.split(String.fromCharCode(65 + at)).length - 1) / weight);
      return Math.max(...loads) - Math.min(...loads) <= 1 + 1e-9;
    }),
  );
  t.pass();
});

test('hash schedulers: the same client meets the same server, whatever came between', (t) => {
  const address = fc.ipV4();
  fc.assert(
    fc.property(fc.constantFrom<Scheduler>('sh', 'mh'), address, address, weights, (scheduler, one, other, all) => {
      const row = picks(scheduler, { weights: all, count: 6, clients: [one, other] });
      return row[0] === row[2] && row[2] === row[4] && row[1] === row[3];
    }),
  );
  t.pass();
});

test('mh: clients spread by weight', (t) => {
  const clients = Array.from({ length: 600 }, (_, at) => `10.0.${at % 5}.${at % 251}`);
  const row = picks('mh', { weights: [3, 2, 1], count: 600, clients });
  for (const [at, share] of [300, 200, 100].entries()) {
    const count = row.split(String.fromCharCode(65 + at)).length - 1;
    t.true(Math.abs(count - share) < 50, `${count} of ${share}`);
  }
});

test('an upper threshold: a server that is full gets no more', (t) => {
  t.is(picks('rr', { weights: [1, 1], count: 6, held: true, upper: 2 }), 'BABA--');
});

test('twos cannot be predicted', (t) => {
  t.throws(() => picks('twos', { weights: [1], count: 1 }), { instanceOf: RangeError });
});

function flagsOf(scheduler: Scheduler): SchedulerFlag[] {
  if (scheduler === 'sh') return ['sh-port', 'sh-fallback'];
  return scheduler === 'mh' ? ['mh-port', 'mh-fallback'] : [];
}
