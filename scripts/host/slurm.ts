import { MissingPartError } from '../errors.ts';
import { run } from './exec.ts';
import { which } from './which.ts';

/** Milliseconds for an answer of Slurm's controller. */
const askDeadlineMs = 60_000;

/** @throws MissingPartError where Slurm's commands are not installed */
export async function requireSlurm(): Promise<void> {
  for (const program of ['sbatch', 'squeue', 'scancel']) {
    if (await which(program)) continue;
    throw new MissingPartError(`${program} is not installed`, {
      cause: 'this computer is not part of a cluster with Slurm',
      tryThis: 'the same command on a login node of the cluster, or without --on slurm',
    });
  }
}

/**
 * Submits an array of tasks.
 * @param script what each task runs
 * @returns the number that Slurm gives it
 * @throws ProviderError with what sbatch says
 */
export async function submit(options: readonly string[], script: string): Promise<string> {
  const { stdout } = await run('sbatch', options, { input: script, timeoutMs: askDeadlineMs });
  return stdout.trim().split(';')[0] ?? ''; // --parsable: NUMBER;CLUSTER
}

/** The numbers of this user's arrays of that name which wait or run: squeue(1) knows them without accounting. */
export async function queued(name: string): Promise<string[]> {
  const words = ['--noheader', '--me', `--name=${name}`, '--format=%F'];
  const { stdout } = await run('squeue', words, { timeoutMs: askDeadlineMs });
  return [...new Set(stdout.split('\n').map((line) => line.trim()))].filter(Boolean);
}

/** This user's arrays whose name begins in that way: their numbers, and their names. */
export async function queuedBelow(start: string): Promise<{ id: string; name: string }[]> {
  const { stdout } = await run('squeue', ['--noheader', '--me', '--format=%F %j'], { timeoutMs: askDeadlineMs });
  const lines = [...new Set(stdout.split('\n').map((line) => line.trim()))];
  return lines
    .map((line) => {
      const [id = '', ...words] = line.split(' ');
      return { id, name: words.join(' ') };
    })
    .filter(({ name }) => name.startsWith(start));
}

/** Ends the tasks that run, and those that wait. */
export async function cancel(ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await run('scancel', ids, { timeoutMs: askDeadlineMs });
}
