import { mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenedJob } from '../../scripts/actions/open-jobs.ts';
import type { Performing } from '../../scripts/actions/perform-job.ts';
import { readIfThere } from '../../scripts/host/files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';

/** A folder of results, and a kit without machines. */
export interface Made extends Performing {
  folder: string;
  log: string;
}

export async function made(retries = 1): Promise<Made> {
  return madeIn(await realpath(await mkdtemp(join(tmpdir(), 'lab-batch-'))), retries);
}

/** The same in a folder that is there. */
export function madeIn(folder: string, retries = 1): Made {
  const log = join(folder, 'log');
  const kit: Made['kit'] = ['sh', join(projectRoot, 'test/batch/kit.sh'), log];
  return { folder, log, results: join(folder, 'results'), kit, options: [], retries };
}

export function jobOf(what: string, verb: OpenedJob['verb'] = 'run'): OpenedJob {
  const needs = { memory: 100, cores: 1, minutes: 5 };
  return { verb, what, kernel: null, round: 1, item: 0, id: `${verb}-${what}`, lab: what, words: [verb, what], needs };
}

/** How the command of a job ends, for each try: an exit code, `wait` until it is told to end, or `killed`. */
export function endsWith({ log }: Made, what: string, ...endings: (number | 'wait' | 'killed')[]): Promise<void> {
  return writeFile(`${log}.${what}`, `${endings.join('\n')}\n`);
}

/** What the commands said, in the order of time. */
export async function logged({ log }: Made): Promise<string[]> {
  return ((await readIfThere(log)) ?? '').split('\n').filter(Boolean);
}
