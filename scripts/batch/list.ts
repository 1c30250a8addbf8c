import { createHash } from 'node:crypto';
import { UsageError } from '../errors.ts';

/** Names a list of jobs, by their ids and their order: a file that was edited has another list. */
export function listOf(jobs: readonly { id: string }[]): string {
  return createHash('sha256')
    .update(JSON.stringify(jobs.map(({ id }) => id)))
    .digest('hex')
    .slice(0, 10);
}

/** The environment variable by which a task of a queue knows the list of which it does a part. */
export const listVariable = 'LAB_BATCH_LIST';

/**
 * @param wanted the list of which a part is to be done; undefined where nobody has said
 * @throws UsageError where the jobs are others: the same part of another list has other jobs
 */
export function requireList(jobs: readonly { id: string }[], wanted: string | undefined): void {
  if (!wanted || listOf(jobs) === wanted) return;
  throw new UsageError(
    'the jobs are not those that were queued: the batch, or a file that it names, was edited since',
    {
      tryThis: 'the command that queued them once more, without the array that is in the queue',
    },
  );
}
