import test from 'ava';
import fc from 'fast-check';
import { search, triesFor } from '../../scripts/experiment/bisect.ts';
import type { BugVerdict } from '../../scripts/experiment/trial.ts';

/** Searches among candidates of which each has a verdict; @returns what was found, and what was tried. */
function searched(truth: readonly BugVerdict[]) {
  const known: (BugVerdict | undefined)[] = truth.map((verdict, at) =>
    at === 0 || at === truth.length - 1 ? verdict : undefined,
  );
  for (let tries = 0; ; tries++) {
    const found = search(known);
    if (!('next' in found)) return { ...found, tries };
    if (known[found.next] !== undefined || tries > truth.length) throw new Error('tried twice');
    known[found.next] = truth[found.next];
  }
}

const row = (step: number, count: number, from: BugVerdict = 'not reproduced'): BugVerdict[] => {
  const to = from === 'reproduced' ? 'not reproduced' : 'reproduced';
  return Array.from({ length: count }, (_, at) => (at < step ? from : to));
};

test('sixty kernels need six tries at most, wherever the step is, and whether the bug came or went', (t) => {
  t.is(triesFor(60), 6);
  for (const from of ['reproduced', 'not reproduced'] as const) {
    for (let step = 1; step < 60; step++) {
      const { before, after, skipped, tries } = searched(row(step, 60, from));
      t.deepEqual([before, after, skipped], [step - 1, step, []]);
      t.true(tries <= 6, `${tries} tries`);
    }
  }
});

test('two neighbours need no try', (t) => {
  t.deepEqual(search(['reproduced', 'not reproduced']), { before: 0, after: 1, skipped: [] });
  t.is(triesFor(2), 0);
});

test('with candidates that say nothing the step is between what is named, and all of them are named', (t) => {
  const cases = fc
    .tuple(fc.integer({ min: 2, max: 40 }), fc.nat(), fc.array(fc.nat(39)))
    .map(([count, where, silent]) => ({ count, step: 1 + (where % (count - 1)), silent }));
  fc.assert(
    fc.property(cases, ({ count, step, silent }) => {
      const truth = row(step, count).map((verdict, at) =>
        at > 0 && at < count - 1 && silent.includes(at) ? 'the lab broke' : verdict,
      );
      const { before, after, skipped } = searched(truth);
      const between = Array.from({ length: after - before - 1 }, (_, at) => before + 1 + at);
      return (
        before < step &&
        after >= step &&
        truth[before] === 'not reproduced' &&
        truth[after] === 'reproduced' &&
        String(between) === String(skipped) &&
        skipped.every((at) => truth[at] === 'the lab broke')
      );
    }),
  );
  t.pass();
});

test('ends that do not differ, or of which nothing is known, are refused', (t) => {
  for (const ends of [
    ['reproduced', 'reproduced'],
    ['the lab broke', 'reproduced'],
    ['reproduced'],
  ] as BugVerdict[][]) {
    t.throws(() => search(ends), { instanceOf: RangeError });
  }
});
