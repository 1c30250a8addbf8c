import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { jobWords } from '../batch/jobs.ts';
import { listOf } from '../batch/list.ts';
import { largestOf } from '../batch/needs.ts';
import type { JobResult } from '../batch/result.ts';
import { type ArrayJob, arrayJob, taskOf } from '../batch/slurm.ts';
import { isVerdict } from '../batch/verdict.ts';
import { countOf } from '../count-of.ts';
import { ConnectionError, ExitCode, LabError, ProviderError } from '../errors.ts';
import { placeOfJob, readResult } from '../host/batch-results.ts';
import { lastLines } from '../host/exec.ts';
import { makePrivateFolder, readIfThere, removeTree } from '../host/files.ts';
import { interruptible, leaveNoMachines } from '../host/interrupt.ts';
import { cancel, queued, queuedBelow, requireSlurm, submit } from '../host/slurm.ts';
import { waitFor } from '../host/wait.ts';
import { type EndedJob, endText } from '../report/batch.ts';
import type { Emit } from '../report/events.ts';
import type { OpenedJob } from './open-jobs.ts';

/** How jobs are queued. */
export interface Queueing {
  /** A folder that every node of the cluster sees. */
  results: string;
  /** Does a part of the jobs on a node, when `--shard N/M` is behind it. */
  command: readonly string[];
  /** How often a job is done again when its lab broke. */
  retries: number;
  /** Tasks at once; undefined for as many as Slurm gives. */
  width: number | undefined;
  pace: Pace;
}

/** How often the kit looks for results, and how long it waits. */
export interface Pace {
  /** Milliseconds between two looks into the folder. */
  lookMs: number;
  /** Milliseconds until a file that a node has written is seen here for sure. */
  sharedMs: number;
}

/** acdirmax of nfs(5) is a minute. */
export const nfsPace: Pace = { lookMs: 1000, sharedMs: 65_000 };

/** Looks into the folder for one question to the controller. */
const looksToAsk = 5;

/** Milliseconds for the controller to answer again. */
const silentMs = 600_000;

/** Milliseconds for tasks to end their labs: Slurm kills them after KillWait, which is thirty seconds by default. */
const cancelMs = 120_000;

/**
 * Lets Slurm do the jobs, as an array of tasks that are requeued when their node dies. If this process is killed the tasks stay in the
 * queue, and the same command goes on with them.
 * @throws MissingPartError without Slurm; InterruptedError after Ctrl-C, when the tasks have ended
 */
export async function performOnSlurm<Job extends OpenedJob>(
  jobs: readonly Job[],
  how: Queueing,
  emit: Emit,
): Promise<(EndedJob & { job: Job })[]> {
  await requireSlurm();
  const array = arrayOf(jobs, how);
  const results = new Map<string, JobResult>();
  await collect(jobs, how, results, ({ code }) => isVerdict(code));
  const kept = results.size;
  if (kept > 0) emit({ type: 'note', text: `${kept} of ${countOf(jobs.length, 'job')} had a verdict from before` });
  if (kept < jobs.length) {
    leaveNoMachines();
    await ensureQueued(array, jobs, how, results, emit);
    await interruptible((over) => untilEnded(jobs, how, array, results, over, emit));
  }
  return jobs.map((job) => ({ job, result: results.get(job.id) as JobResult }));
}

/** How the names of all arrays begin whose results are in the folder. */
function startOfName(results: string): string {
  return `lab-batch-${createHash('sha256').update(results).digest('hex').slice(0, 10)}`;
}

function arrayOf(jobs: readonly OpenedJob[], { results, command, retries, width }: Queueing): ArrayJob {
  const list = listOf(jobs);
  return arrayJob({
    name: `${startOfName(results)}-${list}`,
    jobs: jobs.length,
    list,
    needs: largestOf(jobs.map(({ needs }) => needs)),
    tries: retries + 1,
    width,
    command,
    output: outputFolder(results),
  });
}

const outputFolder = (results: string) => join(results, 'slurm');

/** Adds what has ended since the last time, as far as it counts. */
async function collect(
  jobs: readonly OpenedJob[],
  how: Queueing,
  results: Map<string, JobResult>,
  counts: (result: JobResult) => boolean = () => true,
): Promise<OpenedJob[]> {
  const fresh: OpenedJob[] = [];
  for (const job of jobs.filter(({ id }) => !results.has(id))) {
    const result = await readResult(placeOfJob(how.results, job.id));
    if (!result || !counts(result)) continue;
    results.set(job.id, result);
    fresh.push(job);
  }
  return fresh;
}

/**
 * Submits the array, unless it is in the queue already.
 * @throws ProviderError while an array of another list of jobs has the folder: its tasks would do parts of this one
 */
async function ensureQueued(
  { name, tasks, options, script }: ArrayJob,
  jobs: readonly OpenedJob[],
  { results: folder }: Queueing,
  results: ReadonlyMap<string, JobResult>,
  emit: Emit,
): Promise<void> {
  const [before] = await queued(name);
  if (before !== undefined) {
    emit({ type: 'note', text: `Slurm has these jobs already: array ${before}` });
    return;
  }
  const others = [...new Set((await queuedBelow(startOfName(folder))).map(({ id }) => id))];
  if (others.length > 0) throw otherList(others);
  // A result without a verdict would be taken for one of the new array.
  for (const { id } of jobs.filter((job) => !results.has(job.id))) await removeTree(placeOfJob(folder, id).result);
  await removeTree(outputFolder(folder));
  await makePrivateFolder(outputFolder(folder));
  const id = await submit(options, script);
  emit({ type: 'note', text: `submitted to Slurm: array ${id} of ${countOf(tasks, 'task')}` });
}

function otherList(ids: readonly string[]): ProviderError {
  return new ProviderError(
    `Slurm still has array ${ids.join(', ')} of another list of jobs with this folder of results`,
    {
      cause: 'the batch, or a file that it names, was edited since the array was submitted',
      tryThis: `scancel ${ids.join(' ')}; the same command again when squeue does not show it any more. Or another folder after --results`,
    },
  );
}

/** Looks for results until each job has one, or Slurm has nothing more to do. */
async function untilEnded(
  jobs: readonly OpenedJob[],
  how: Queueing,
  array: ArrayJob,
  results: Map<string, JobResult>,
  over: AbortSignal,
  emit: Emit,
): Promise<void> {
  const rounds = jobs.some(({ round }) => round > 1);
  const look = async () => {
    const before = results.size;
    for (const [at, job] of (await collect(jobs, how, results)).entries()) {
      const result = results.get(job.id) as JobResult;
      const words = jobWords(job, { rounds });
      emit({ type: 'note', text: endText(before + at + 1, jobs.length, words, { job, result }) });
    }
    emit({ type: 'progress', stage: 'batch', text: `${results.size} of ${countOf(jobs.length, 'job')}, on Slurm` });
    return results.size === jobs.length ? true : undefined;
  };
  const isQueued = asker(array.name);
  try {
    for (let looks = 1; !(await look()); looks++) {
      if (looks % looksToAsk === 0 && !(await isQueued())) {
        await lastLook(look, how.pace);
        await takeForBroken(jobs, how, array, results);
        return;
      }
      await pause(how.pace.lookMs, undefined, { signal: over }).catch(() => over.throwIfAborted());
    }
  } finally {
    if (over.aborted) await endArray(array, how.pace);
  }
}

/** Asks whether the array is in the queue. A controller that starts anew does not answer for a while, and then nothing has changed. */
function asker(name: string): () => Promise<boolean> {
  let answered = performance.now();
  return async () => {
    try {
      const ids = await queued(name);
      answered = performance.now();
      return ids.length > 0;
    } catch (error) {
      if (!(error instanceof LabError) || performance.now() - answered > silentMs) throw error;
      return true;
    }
  };
}

/** When the last task has ended, its results may take a while to be seen here. */
async function lastLook(look: () => Promise<true | undefined>, { lookMs, sharedMs }: Pace): Promise<void> {
  try {
    await waitFor(look, { what: 'results of all jobs', deadlineMs: sharedMs, everyMs: lookMs });
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
  }
}

/** A job whose task ended without a result has no verdict; what the task said last tells why. */
async function takeForBroken(
  jobs: readonly OpenedJob[],
  how: Queueing,
  { tasks }: ArrayJob,
  results: Map<string, JobResult>,
): Promise<void> {
  for (const [at, { id }] of jobs.entries()) {
    if (results.has(id)) continue;
    const said = await readIfThere(join(outputFolder(how.results), `${taskOf(at, tasks)}.txt`));
    const tail = lastLines(said ?? '') ?? 'its task ended without a result, and said nothing';
    results.set(id, { code: ExitCode.unknown, tries: 0, seconds: 0, host: '', document: null, tail });
  }
}

/** Ends the array, and waits until its tasks have ended their labs. */
async function endArray({ name }: ArrayJob, { lookMs }: Pace): Promise<void> {
  await cancel(await queued(name));
  await waitFor(async () => ((await queued(name)).length === 0 ? true : undefined), {
    what: 'end of the tasks on Slurm',
    deadlineMs: cancelMs,
    everyMs: lookMs,
  });
}
