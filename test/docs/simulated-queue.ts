/**
 * How long a queue takes: each slot does one job at a time, and takes the first that is left when it is free.
 * @param durations seconds of each job, in the order of the queue
 * @param slots how many jobs run at once
 * @returns seconds until the last job has ended
 */
export function queueSeconds(durations: Iterable<number>, slots: number): number {
  // When each slot is free, as a binary heap: the first of them is free first.
  const free = new Float64Array(slots);
  let end = 0;
  for (const seconds of durations) {
    const ended = (free[0] ?? 0) + seconds;
    end = Math.max(end, ended);
    replaceFirst(free, ended);
  }
  return end;
}

/** Puts a value in the place of the least, and restores the heap. */
function replaceFirst(heap: Float64Array, value: number): void {
  const at = (index: number) => heap[index] ?? Number.POSITIVE_INFINITY;
  let hole = 0;
  for (;;) {
    const left = 2 * hole + 1;
    const child = at(left + 1) < at(left) ? left + 1 : left;
    if (at(child) >= value) break;
    heap[hole] = at(child);
    hole = child;
  }
  heap[hole] = value;
}
