import { join, resolve } from 'node:path';
import type { JobResult } from '../batch/result.ts';
import { readState, writeState } from './state-file.ts';

/** The folder with the results of a batch; by default NAME.results in the current folder. */
export function resultsFolder(name: string, chosen?: string): string {
  return resolve(chosen ?? `${name}.results`);
}

/** Where a job is done, and where its result is kept. */
export interface JobPlace {
  /** Written as a whole when the job has ended. */
  result: string;
  /** Locked by the process that does the job: another one waits until it has ended, however it ends. */
  lock: string;
  /** The current folder of its command. Removed when the job has ended. */
  work: string;
}

/** @param id of the job, which names its folder */
export function placeOfJob(results: string, id: string): JobPlace {
  const folder = join(results, id);
  return { result: join(folder, 'result.json'), lock: join(folder, 'lock'), work: join(folder, 'work') };
}

/** Undefined for a job that has not ended, or whose file was damaged: it is done again. */
export function readResult({ result }: Pick<JobPlace, 'result'>): Promise<JobResult | undefined> {
  return readState<JobResult>(result);
}

export function writeResult({ result }: Pick<JobPlace, 'result'>, of: JobResult): Promise<void> {
  return writeState(result, of);
}
