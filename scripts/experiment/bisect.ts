import { type BugVerdict, verdicts } from './trial.ts';

/** What is known of each candidate, in their order: whether the bug is there, or that it could not be told. */
export type Known = readonly (BugVerdict | undefined)[];

const [bad, good, skip] = verdicts;

/** What a search does next, or what it has found. */
export type Search =
  | { next: number }
  /**
   * The last candidate that is as the first one, and the next that is as the last one.
   * @property skipped candidates between them of which nothing could be told: the step may be at each of them
   */
  | { before: number; after: number; skipped: number[] };

/**
 * Binary search for the step between two ends, of which one has the bug and the other has not: what git bisect does with commits in a
 * row. A candidate that says nothing is passed over for the nearest one.
 * @param known at least two; the ends are `reproduced` and `not reproduced` in either order
 */
export function search(known: Known): Search {
  const [first, last] = [known[0], known.at(-1)];
  if (known.length < 2 || first === last || ![first, last].every((end) => end === bad || end === good)) {
    throw new RangeError('the ends of a search must differ');
  }
  const before = known.lastIndexOf(first);
  const after = known.findIndex((verdict, at) => at > before && verdict === last);
  const open = known.flatMap((verdict, at) => (at > before && at < after && verdict === undefined ? [at] : []));
  const middle = (before + after) / 2;
  const [next] = open.sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle) || one - other);
  if (next !== undefined) return { next };
  const skipped = known.flatMap((verdict, at) => (at > before && at < after && verdict === skip ? [at] : []));
  return { before, after, skipped };
}

/** How many candidates must be tried at most, when none is passed over: the least n with 2^n ≥ steps between the ends. */
export function triesFor(candidates: number): number {
  return Math.ceil(Math.log2(Math.max(1, candidates - 1)));
}
