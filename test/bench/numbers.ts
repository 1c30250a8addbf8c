/** The middle one; of an even number, the mean of the two in the middle. Undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length - half - 1], sorted[half]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** Undefined where one of them is missing. */
export function ratio(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined || whole === 0 ? undefined : part / whole;
}

/** What each one more adds, between two points. */
export function slope(from: Point, to: Point): number | undefined {
  if (from.value === undefined || to.value === undefined) return undefined;
  return (to.value - from.value) / (to.count - from.count);
}

interface Point {
  count: number;
  value: number | undefined;
}
