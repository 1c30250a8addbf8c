import test from 'ava';
import { faults } from '../../scripts/faults/index.ts';

/** Faults that the state of no node shows: lines, a clock, rows of a database. */
const unseen = ['clock-wrong', 'site-writer-missing'];

test('every fault has a sign, except those that the state of no node shows', (t) => {
  const without = faults.filter(({ sign }) => sign === undefined).map(({ id }) => id);
  t.deepEqual(
    without.filter((id) => !id.startsWith('line-')),
    unseen,
  );
});
