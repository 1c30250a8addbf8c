import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { readBatch } from '../batch/batch.ts';
import { type Shard, shardOf } from '../batch/jobs.ts';
import { listVariable, requireList } from '../batch/list.ts';
import { largestOf, widthOf } from '../batch/needs.ts';
import type { Queue } from '../batch/queues.ts';
import { codeOfAll, verdictOf } from '../batch/verdict.ts';
import { countOf } from '../count-of.ts';
import { ExitCode } from '../errors.ts';
import { placeOfJob, resultsFolder } from '../host/batch-results.ts';
import { readExperimentFile } from '../host/experiment-files.ts';
import { shortPath } from '../host/lab-files.ts';
import { projectRoot } from '../host/paths.ts';
import { availableMemory } from '../host/room.ts';
import type { ProviderName } from '../providers/index.ts';
import { batchText, type EndedJob, verdictsOf } from '../report/batch.ts';
import { columns } from '../report/columns.ts';
import { type Emit, secondsSince } from '../report/events.ts';
import { print, printJson, screenLook } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import type { Globals } from './globals.ts';
import { type OpenedJob, openJobs } from './open-jobs.ts';
import { performAll } from './perform-all.ts';
import type { Performing } from './perform-job.ts';

export interface BatchOptions {
  /** So many at once; without it as many as memory and cores allow. */
  jobs?: number | undefined;
  shard?: Shard | undefined;
  results?: string | undefined;
  /** The queue that does them; this computer without it. */
  on?: Queue | undefined;
  dryRun: boolean;
  provider?: ProviderName | undefined;
  setup: boolean;
}

/** lab batch FILE: does many jobs that do not depend on one another. */
export async function batch(path: string, options: BatchOptions, globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const { name, file, text } = await readExperimentFile(path, 'a batch');
  const wanted = readBatch(text, { name, file });
  const all = await openJobs(wanted, file, options.provider, screen.emit);
  if (options.shard) requireList(all, process.env[listVariable]);
  const jobs = options.shard ? shardOf(all, options.shard) : all;
  if (options.dryRun) return list(name, jobs, globals);
  const results = resultsFolder(name, options.results);
  try {
    const ended = await perform(jobs, { path, results, retries: wanted.retries }, options, screen.emit);
    screen.clear();
    const seconds = secondsSince(0);
    const code = codeOfAll(ended.map(({ result }) => result.code));
    if (globals.json)
      printJson(documentOf({ name, title: wanted.title, code, seconds }, options.shard, results, ended));
    else print(batchText(wanted.title, ended, seconds, screenLook()));
    return code;
  } finally {
    screen.clear();
  }
}

/** Does the jobs here, or lets a queue do them. */
async function perform(
  jobs: readonly OpenedJob[],
  { path, results, retries }: { path: string; results: string; retries: number },
  options: BatchOptions,
  emit: Emit,
): Promise<(EndedJob & { job: OpenedJob })[]> {
  const kit: Performing['kit'] = [process.execPath, join(projectRoot, 'bin/lab.js')];
  const passed = [
    ...(options.provider ? ['--provider', options.provider] : []),
    ...(options.setup ? [] : ['--no-setup']),
  ];
  if (options.on === undefined) {
    const width = Math.min(jobs.length, options.jobs ?? (await localWidth(jobs)));
    return performAll(jobs, { results, kit, options: passed, retries }, width, emit);
  }
  const command = [...kit, 'batch', resolve(path), '--results', results, '--jobs', '1', ...passed];
  const { nfsPace, performOnSlurm } = await import('./queue-jobs.ts');
  return performOnSlurm(jobs, { results, command, retries, width: options.jobs, pace: nfsPace }, emit);
}

/** How many jobs this computer can do at once. */
async function localWidth(jobs: readonly OpenedJob[]): Promise<number> {
  const memory = availableMemory(await readFile('/proc/meminfo', 'utf8')) ?? Number.POSITIVE_INFINITY;
  return widthOf(largestOf(jobs.map(({ needs }) => needs)), { memory, cores: availableParallelism() });
}

/** --dry-run */
function list(name: string, jobs: readonly OpenedJob[], globals: Globals): number {
  if (globals.json) {
    const listed = jobs.map(({ id, verb, what, kernel, round, needs }) => ({ id, verb, what, kernel, round, needs }));
    printJson({ schema: 'lvs-lab/batch-jobs/1', batch: name, jobs: listed });
  } else {
    const rows = jobs.map(({ verb, what, kernel, round, needs }) => {
      return [verb, what, kernel ?? '', `round ${round}`, `${needs.memory} MiB`, countOf(needs.cores, 'core')];
    });
    print(`${columns(rows)}\n\n  ${countOf(jobs.length, 'job')}`);
  }
  return ExitCode.ok;
}

function documentOf(
  { name, title, code, seconds }: { name: string; title: string; code: number; seconds: number },
  shard: Shard | undefined,
  results: string,
  ended: readonly (EndedJob & { job: OpenedJob })[],
) {
  return {
    schema: 'lvs-lab/batch/1',
    batch: name,
    title,
    ok: code === ExitCode.ok,
    shard: shard ?? null,
    seconds,
    counts: Object.fromEntries(verdictsOf(ended)),
    jobs: ended.map(
      ({ job: { id, verb, what, kernel, round }, result: { code: ending, tries, seconds: took, host } }) => ({
        id,
        verb,
        what,
        kernel,
        round,
        verdict: verdictOf(verb, ending),
        code: ending,
        tries,
        seconds: took,
        host,
        result: shortPath(placeOfJob(results, id).result),
      }),
    ),
  };
}
