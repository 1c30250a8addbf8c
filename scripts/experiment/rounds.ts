/** The share of wrong verdicts that is accepted. */
export const acceptedError = 0.01;

/**
 * Rounds after which a bug that shows in a share of all rounds has shown itself at least once, but for `error` of all cases:
 * the least n with (1 − p)^n ≤ error. That none of n independent rounds hits is the binomial distribution's P(X = 0).
 * @param hitRate share of the rounds that hit where the bug is: above 0, at most 1
 */
export function roundsFor(hitRate: number, error = acceptedError): number {
  if (!(hitRate > 0 && hitRate <= 1)) throw new RangeError(`no hit rate: ${hitRate}`);
  if (hitRate === 1) return 1;
  // Not a round more because of the last digit: log(0.01) / log(0.1) is a little above 2.
  return Math.max(1, Math.ceil(Math.log(error) / Math.log1p(-hitRate) - 1e-9));
}

/**
 * The hit rate that is there at least, when some rounds have hit: the lower bound of the interval of C. J. Clopper and E. S. Pearson
 * (Biometrika 26, 1934), one-sided: the p of which as many hits or more have the chance `error`.
 */
export function leastHitRate(hits: number, rounds: number, error = acceptedError): number {
  if (hits <= 0) return 0;
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (atLeast(hits, rounds, middle) < error) low = middle;
    else high = middle;
  }
  return low;
}

/** Binomial distribution: the chance of at least so many hits in these rounds. */
export function atLeast(hits: number, rounds: number, hitRate: number): number {
  let sum = 0;
  let chance = (1 - hitRate) ** rounds;
  if (hitRate >= 1) return 1;
  for (let count = 0; count < hits; count++) {
    sum += chance;
    chance *= ((rounds - count) / (count + 1)) * (hitRate / (1 - hitRate));
  }
  return Math.max(0, 1 - sum);
}

/** A measurement: rounds that hit, of all rounds. */
export interface Measured {
  hits: number;
  of: number;
}

/** How many rounds are done, and how many of them must hit for the bug to be taken for there. */
export interface Repeats {
  rounds: number;
  hits: number;
}

/** Rounds above which a bug is said not to be told from what is mended. */
const mostRounds = 1000;

/**
 * The fewest rounds after which either verdict is wrong in a share `error` of all cases at most. A bug that never hits where it is
 * mended is there with its first hit, so only its absence needs repeats. One that hits there as well is told by how often it does:
 * the least n for which some k has P(X < k) ≤ error at the least hit rate where the bug is, and P(X ≥ k) ≤ error at the greatest
 * where it is mended, both of the binomial distribution, and both bounds those of Clopper and Pearson.
 * @throws RangeError when the rates are too near to each other for a thousand rounds
 */
export function repeatsFor(there: Measured, mended: Measured = { hits: 0, of: 0 }, error = acceptedError): Repeats {
  const least = leastHitRate(there.hits, there.of, error);
  if (mended.hits === 0) return { rounds: roundsFor(least, error), hits: 1 };
  const most = greatestHitRate(mended.hits, mended.of, error);
  if (most >= least) throw tooNear(there, mended);
  let hits = 1;
  for (let rounds = 1; rounds <= mostRounds; rounds++) {
    // The fewer hits suffice, the likelier is a bug where there is none.
    while (hits <= rounds && atLeast(hits, rounds, most) > error) hits++;
    if (hits <= rounds && 1 - atLeast(hits, rounds, least) <= error) return { rounds, hits };
  }
  throw tooNear(there, mended);
}

function tooNear(there: Measured, mended: Measured): RangeError {
  const share = ({ hits, of }: Measured) => `${hits} of ${of}`;
  return new RangeError(`${share(there)} and ${share(mended)} are too near to each other to tell a bug by`);
}

/** The hit rate that is there at most: the upper bound of the same interval, one-sided. */
export function greatestHitRate(hits: number, rounds: number, error = acceptedError): number {
  return 1 - leastHitRate(rounds - hits, rounds, error);
}
