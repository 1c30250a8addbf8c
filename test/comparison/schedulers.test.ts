import test from 'ava';
import fc from 'fast-check';
import {
  balanceOf,
  type ComparedSchedulers,
  compareSchedulers,
  movesBetween,
} from '../../scripts/comparison/schedulers.ts';
import { variation } from '../../scripts/comparison/spread.ts';
import { median } from '../../scripts/median.ts';
import { type Scheduler, schedulers } from '../../scripts/model/words.ts';
import { schedulersRows, schedulersText } from '../../scripts/report/compared-schedulers.ts';
import { csvText } from '../../scripts/report/csv.ts';
import { widthOf, wrapLines } from '../../scripts/report/wrap.ts';

const compared = (scheduler: Scheduler, others: Partial<ComparedSchedulers> = {}) => {
  const options = { schedulers: [scheduler], flags: [], weights: [1, 1, 1, 1], connections: 4000, vips: 1, seed: 1 };
  const [found] = compareSchedulers({ ...options, ...others });
  if (!found) throw new Error('nothing was compared');
  return found;
};

test('connections, imbalance and shares of a load that can be computed by hand', (t) => {
  const servers = [3, 1, 0].map((weight, at) => ({
    name: `rs${at + 1}`,
    address: `10.0.0.${at + 1}`,
    port: 80,
    weight,
  }));
  const picks = ['rs1', 'rs1', 'rs1', 'rs2', 'rs2', 'rs2', undefined];
  // Connections / weight are 1 and 3: mean 2, standard deviation 1. The fair share is 6 / 4.
  t.deepEqual(balanceOf(servers, picks), { counts: [3, 3, 0], refused: 1, imbalance: 0.5, busiest: 2, idlest: 2 / 3 });
});

test('moves that can be counted by hand', (t) => {
  const before = ['rs1', 'rs1', 'rs2', 'rs2', undefined];
  // rs1 loses one on balance, rs2 none. Who was refused before does not count.
  t.deepEqual(movesBetween(before, ['rs1', 'rs2', undefined, 'rs2', 'rs1']), { moved: 1, refused: 1, needed: 1 });
});

test('the spread and the middle of some numbers', (t) => {
  t.is(variation([2, 4, 4, 4, 5, 5, 7, 9]), 0.4); // mean 5, standard deviation 2
  t.is(variation([0, 0]), 0);
  t.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3]), median([])], [2, 2.5, Number.NaN]);
});

test('rr, wlc and nq spread a load evenly, and no client has a real server of its own', (t) => {
  for (const scheduler of ['rr', 'wlc', 'nq'] as const) {
    const { counts, imbalance, moves } = compared(scheduler);
    t.deepEqual(
      { counts, imbalance, moves },
      { counts: [1000, 1000, 1000, 1000], imbalance: 0, moves: null },
      scheduler,
    );
  }
});

test('dh with one VIP gives one real server everything, with many VIPs each its part', (t) => {
  t.is(compared('dh').imbalance, Math.sqrt(3));
  t.true(compared('dh', { vips: 500 }).imbalance < 0.2);
});

test('twos spreads a load nearly evenly by weight, and equally with the same seed', (t) => {
  const { busiest, idlest, counts } = compared('twos', { weights: [3, 2, 1] });
  t.true(busiest < 1.01 && idlest > 0.99);
  t.deepEqual(compared('twos', { weights: [3, 2, 1] }).counts, counts);
});

test('of 16 real servers one leaves or joins: sh moves nearly all clients, mh few more than it must', (t) => {
  const movesOf = (scheduler: Scheduler) => compared(scheduler, { weights: Array<number>(16).fill(1) }).moves ?? [];
  for (const change of ['leaves', 'joins'] as const) {
    const of = (scheduler: Scheduler) => movesOf(scheduler).find((one) => one.change === change);
    t.true((of('sh')?.moved ?? 0) > 3400, `sh, ${change}`);
    t.true((of('mh')?.moved ?? 4000) < 400, `mh, ${change}`);
  }
});

test('a real server that is drained: its clients are refused, unless there is a fallback', (t) => {
  for (const [scheduler, flag] of [
    ['sh', 'sh-fallback'],
    ['mh', 'mh-fallback'],
  ] as const) {
    const drained = (flags: ComparedSchedulers['flags']) =>
      compared(scheduler, { flags }).moves?.find(({ change }) => change === 'drained');
    const [own] = compared(scheduler).counts;
    t.like(drained([]), { moved: 0, refused: own, needed: own });
    t.like(drained([flag]), { refused: 0, needed: own });
  }
});

test('no scheduler loses a connection, and none moves fewer clients than it must', (t) => {
  const weights = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.constantFrom(...schedulers), weights, fc.nat(99), (scheduler, all, seed) => {
      const { counts, refused, moves } = compared(scheduler, { weights: all, connections: 60, vips: 9, seed });
      const sum = counts.reduce((total, count) => total + count, refused);
      return sum === 60 && (moves ?? []).every((one) => one.moved + one.refused >= one.needed);
    }),
  );
  t.pass();
});

test('the report of all schedulers fits into 80 columns; the rows of its CSV are as long as its head', (t) => {
  const options = { weights: [3, 2, 1], connections: 300, vips: 3, seed: 1 };
  const flags = ['sh-port', 'sh-fallback', 'mh-port', 'mh-fallback'] as const;
  const found = { ...options, figures: compareSchedulers({ ...options, schedulers, flags }) };
  const lines = wrapLines(schedulersText(found, { paint: (_, text) => text, width: 80 }), 80).split('\n');
  t.deepEqual(
    lines.filter((line) => widthOf(line) > 80),
    [],
  );
  const [head = [], ...rows] = schedulersRows(found);
  t.true(rows.length === schedulers.length && rows.every((row) => row.length === head.length));
});

test('CSV quotes what would break a row', (t) => {
  t.is(
    csvText([
      ['a', 'b'],
      ['x, "y"', null],
    ]),
    'a,b\n"x, ""y""",\n',
  );
});
