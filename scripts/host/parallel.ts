/**
 * Maps items, at most `width` of them at the same time. Results are in the order of the items. After a failure no more items
 * begin. The first failure is thrown when all begun items have ended, because later failures may be its consequence.
 */
export async function mapParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  let failure: { error: unknown } | undefined;
  const worker = async () => {
    while (next < items.length && !failure) {
      const at = next++;
      try {
        results[at] = await work(items[at] as T);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (failure) throw failure.error;
  return results;
}

/**
 * Does all of some works, or none: a failure aborts the signal of the others, and is thrown when they have ended.
 * @param over aborts all of them, with the error that is thrown then
 */
export async function allOrNone(
  works: readonly ((over: AbortSignal) => Promise<void>)[],
  width: number,
  over: AbortSignal,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([over, failed.signal]);
  await mapParallel(works, width, async (work) => {
    try {
      either.throwIfAborted();
      await work(either);
    } catch (error) {
      failed.abort(error);
      throw over.aborted ? over.reason : error;
    }
  });
}
