import { symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { JobResult } from '../batch/result.ts';
import { isVerdict, mayGoOtherwise } from '../batch/verdict.ts';
import { type JobPlace, placeOfJob, readResult, writeResult } from '../host/batch-results.ts';
import { lastLines, type RunResult, run } from '../host/exec.ts';
import { exists, makePrivateFolder, removeTree } from '../host/files.ts';
import { type Lock, tryLock } from '../host/lock.ts';
import { waitFor } from '../host/wait.ts';
import { secondsSince } from '../report/events.ts';
import type { OpenedJob } from './open-jobs.ts';

/** How jobs are done. */
export interface Performing {
  /** The folder with the results. */
  results: string;
  /** What starts the kit: a program and its first arguments. */
  kit: readonly [program: string, ...string[]];
  /** Options for the command of each job. */
  options: readonly string[];
  /** How often a job is done again when its lab broke. */
  retries: number;
}

/** Milliseconds for another process to end the same job: as long as it takes. */
const lockDeadline = 24 * 3600 * 1000;

/**
 * Does a job, unless it was done before: its command runs as a process of its own in a folder of its own, and its lab is ended. If this
 * process is killed, so is the command, and what it leaves is ended before the job is done again.
 * @param over ends the job early: its lab is ended, and it has no result
 */
export async function performJob(
  job: OpenedJob,
  how: Performing,
  over: AbortSignal,
): Promise<{ result: JobResult; before: boolean }> {
  const place = placeOfJob(how.results, job.id);
  const lock = await lockJob(place, job, over);
  try {
    const known = await readResult(place);
    if (known && isVerdict(known.code)) return { result: known, before: true };
    await endLab(job, how, place);
    const result = await triedJob(job, how, place, lock, over);
    await writeResult(place, result);
    return { result, before: false };
  } finally {
    lock.release();
  }
}

function lockJob(place: JobPlace, { id }: OpenedJob, over: AbortSignal): Promise<Lock> {
  const look = () => {
    over.throwIfAborted();
    return tryLock(place.lock, `lab batch, ${id}`);
  };
  return waitFor(look, { what: `end of another process that does ${id}`, deadlineMs: lockDeadline, everyMs: 250 });
}

/** Tries until there is a verdict, or no try is left. */
async function triedJob(
  job: OpenedJob,
  how: Performing,
  place: JobPlace,
  lock: Lock,
  over: AbortSignal,
): Promise<JobResult> {
  for (let tries = 1; ; tries++) {
    await makePrivateFolder(place.work);
    // Labs and bugs of the current folder have the same names there.
    if (await exists('labs')) await symlink(resolve('labs'), join(place.work, 'labs'));
    const start = performance.now();
    let output: RunResult;
    try {
      output = await kit([...job.words, '--json', ...how.options], how, place, { lock, over });
    } finally {
      await endLab(job, how, place);
    }
    over.throwIfAborted();
    const { code, stdout, stderr } = output;
    if (mayGoOtherwise(code) && tries <= how.retries) continue;
    const seconds = secondsSince(start);
    const tail = lastLines(stderr) ?? null;
    return { code, tries, seconds, host: hostname(), document: documentIn(stdout), tail };
  }
}

/** Ends the lab of a job and removes its folder. The lab's logs go to the cache. */
async function endLab({ lab }: OpenedJob, how: Performing, place: JobPlace): Promise<void> {
  if (await exists(join(place.work, '.lab', lab))) await kit(['down', lab], how, place);
  await removeTree(place.work);
}

/**
 * Runs a command of the kit in the job's folder.
 * @param job the lock, which the command holds as well until it has ended, and what ends it early
 */
function kit(
  words: readonly string[],
  how: Performing,
  { work }: JobPlace,
  job?: { lock: Lock; over: AbortSignal },
): Promise<RunResult> {
  const [program, ...args] = how.kit;
  return run(program, [...args, ...words], {
    cwd: work,
    apart: true,
    anyExitCode: true,
    ...(job && { fd: job.lock.fd, signal: job.over }),
  });
}

function documentIn(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
