import { type Destination, isAvailable, overheadIn, type SchedulerModel } from './model.ts';

/**
 * ip_vs_twos.c: the power of two choices. Two numbers from 0 to the sum of the weights, both included, choose two real servers, which
 * may be the same one; that with less overhead for its weight gets the connection. Because 0 is drawn as well, the first in the list is
 * chosen a little more often than its weight says.
 * @param random numbers from 0 to 1, in place of the kernel's
 */
export function twosBy(random: () => number): SchedulerModel {
  return (destinations, _flags, kernel) => {
    const overhead = overheadIn(kernel);
    return () => {
      const available = destinations.filter(isAvailable);
      const total = available.reduce((sum, { weight }) => sum + weight, 0);
      const [one, other] = [random(), random()].map((drawn) => drawnFrom(available, Math.floor(drawn * (total + 1))));
      if (!one || !other) return undefined;
      return other.weight * overhead(one) > one.weight * overhead(other) ? other : one;
    };
  };
}

function drawnFrom(available: readonly Destination[], drawn: number): Destination | undefined {
  let left = drawn;
  return available.find(({ weight }) => {
    left -= weight;
    return left <= 0;
  });
}
