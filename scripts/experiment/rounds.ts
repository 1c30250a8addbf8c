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
