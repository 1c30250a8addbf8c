import test from 'ava';
import fc from 'fast-check';
import { queueSeconds } from './simulated-queue.ts';

const queue = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 60 });
const slots = fc.integer({ min: 1, max: 20 });
const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0);

test('one slot takes the sum, and as many slots as jobs take the longest', (t) => {
  fc.assert(
    fc.property(queue, (jobs) => {
      t.is(queueSeconds(jobs, 1), sum(jobs));
      t.is(queueSeconds(jobs, jobs.length), Math.max(...jobs));
    }),
  );
});

test('a queue takes no less than its share, and no more than that and the longest job: Graham 1969', (t) => {
  fc.assert(
    fc.property(queue, slots, (jobs, count) => {
      const seconds = queueSeconds(jobs, count);
      t.true(seconds >= sum(jobs) / count - 1e-9);
      t.true(seconds <= sum(jobs) / count + Math.max(...jobs) + 1e-9);
    }),
  );
});

test('it is what a queue does that looks at every slot', (t) => {
  fc.assert(
    fc.property(queue, slots, (jobs, count) => {
      const free = Array(count).fill(0);
      for (const one of jobs) free[free.indexOf(Math.min(...free))] += one;
      t.is(queueSeconds(jobs, count), Math.max(...free));
    }),
  );
});
