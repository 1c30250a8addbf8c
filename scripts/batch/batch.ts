import { LabFileError, type Problem } from '../errors.ts';
import { readAs } from '../experiment/read.ts';
import { keysOf } from '../model/reading/known-keys.ts';
import { readSource, type Source } from '../model/reading/source.ts';
import { type Job, jobsOf, sameJob } from './jobs.ts';
import { batchSchema } from './schema.ts';

/** Many jobs that do not depend on one another. */
export interface Batch {
  /** The file's name without its ending. */
  name: string;
  title: string;
  /** How often a job is done again when its lab broke. */
  retries: number;
  jobs: Job[];
  /** The line of each item of the file. */
  lines: number[];
}

/** The most jobs of one batch: each leaves a folder with its result. */
const mostJobs = 100_000;

const batchKeys = keysOf(batchSchema, ['', 'jobs']);

/** @throws LabFileError with all problems, each with its line */
export function readBatch(text: string, { name, file }: { name: string; file: string }): Batch {
  const { data, source } = readAs(text, file, batchSchema, batchKeys, {
    sourceOf: (words) => readSource(words, batchKeys.every),
    fill: ({ value }) => ({ value, problems: value === null ? [empty] : [] }),
  });
  const jobs = jobsOf(data.jobs);
  const problems = [...tooMany(jobs, source), ...doubled(jobs, source)];
  if (problems.length > 0) throw new LabFileError(file, problems);
  const lines = data.jobs.map((_, at) => source.lineOf(['jobs', at]));
  return { name, title: data.title, retries: data.retries, jobs, lines };
}

const empty: Problem = { line: 1, path: '', what: 'the file is empty', fix: 'a batch has title and jobs' };

function tooMany({ length }: readonly Job[], source: Source): Problem[] {
  if (length <= mostJobs) return [];
  return [{ line: source.lineOf(['jobs']), path: 'jobs', what: `${length} jobs`, fix: `${mostJobs} at most` }];
}

/** Jobs that are listed twice would have one result. */
function doubled(jobs: readonly Job[], source: Source): Problem[] {
  const known = new Map<string, number>();
  const found = new Map<string, Problem>();
  for (const job of jobs) {
    const first = known.get(sameJob(job));
    if (first === undefined) known.set(sameJob(job), job.item);
    else {
      const path = `jobs[${job.item}]`;
      const what = `${job.verb} ${job.what} is in jobs[${first}] already`;
      const fix = 'repeat: N does a job several times';
      found.set(path, { line: source.lineOf(['jobs', job.item]), path, what, fix });
    }
  }
  return [...found.values()];
}
