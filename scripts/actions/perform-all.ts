import { jobWords } from '../batch/jobs.ts';
import { countOf } from '../count-of.ts';
import { interruptible, leaveNoMachines } from '../host/interrupt.ts';
import { mapParallel } from '../host/parallel.ts';
import { type EndedJob, endText } from '../report/batch.ts';
import type { Emit } from '../report/events.ts';
import type { OpenedJob } from './open-jobs.ts';
import { type Performing, performJob } from './perform-job.ts';

/**
 * Does all jobs, so many at once, with a line for each that has ended.
 * @throws InterruptedError after Ctrl-C, when the labs have ended
 */
export async function performAll<Job extends OpenedJob>(
  jobs: readonly Job[],
  how: Performing,
  width: number,
  emit: Emit,
): Promise<(EndedJob & { job: Job })[]> {
  const rounds = jobs.some(({ round }) => round > 1);
  const running = new Set<string>();
  let count = 0;
  let kept = 0;
  const progress = () =>
    emit({ type: 'progress', stage: 'batch', text: `${count} of ${jobs.length}: ${[...running].join(' · ')}` });
  emit({ type: 'stage-start', stage: 'batch', text: `${countOf(jobs.length, 'job')}, ${width} at once` });
  leaveNoMachines();
  const ended = await interruptible((over) =>
    mapParallel(jobs, width, async (job) => {
      over.throwIfAborted();
      const words = jobWords(job, { rounds });
      running.add(words);
      progress();
      const { result, before } = await performJob(job, how, over);
      running.delete(words);
      count++;
      if (before) kept++;
      else emit({ type: 'note', text: endText(count, jobs.length, words, { job, result }) });
      progress();
      return { job, result };
    }),
  );
  if (kept > 0) emit({ type: 'note', text: `${kept} of ${countOf(jobs.length, 'job')} had a verdict from before` });
  return ended;
}
