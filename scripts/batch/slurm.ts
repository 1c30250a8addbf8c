import { shellQuote } from '../render/shell-quote.ts';
import { listVariable } from './list.ts';
import type { Needs } from './needs.ts';

/** Tasks of one array at most: MaxArraySize of slurm.conf(5) is 1001 where nobody has set it, and task 0 is not used. */
const mostTasks = 1000;

/** What Slurm is to do: an array of tasks, each of which does a part of the jobs, one after the other. */
export interface ArrayJob {
  /** How Slurm calls it. The same list of jobs always has the same name in the same folder of results, so a later command finds it. */
  name: string;
  tasks: number;
  /** Arguments of sbatch(1). */
  options: string[];
  /** The script that each task runs. */
  script: string;
}

/**
 * @param of.jobs how many
 * @param of.list names them; each task is told it
 * @param of.needs of one job, and `tries` how often it is done at most
 * @param of.width tasks at once; undefined for as many as Slurm gives
 * @param of.command does a part of the jobs when `--shard N/M` is behind it
 * @param of.output a folder, in which each task has a file for its output
 */
export function arrayJob(of: {
  name: string;
  jobs: number;
  list: string;
  needs: Needs;
  tries: number;
  width: number | undefined;
  command: readonly string[];
  output: string;
}): ArrayJob {
  const tasks = Math.min(of.jobs, mostTasks);
  const minutes = Math.ceil(of.jobs / tasks) * of.tries * of.needs.minutes;
  return {
    name: of.name,
    tasks,
    options: [
      '--parsable',
      '--requeue',
      `--job-name=${of.name}`,
      `--array=1-${tasks}${of.width === undefined ? '' : `%${of.width}`}`,
      `--mem=${of.needs.memory}M`,
      `--cpus-per-task=${of.needs.cores}`,
      `--time=${minutes}`,
      `--output=${of.output}/%a.txt`,
      '--open-mode=append',
    ],
    script: [
      '#!/bin/sh',
      `export ${listVariable}=${shellQuote(of.list)}`,
      `exec ${of.command.map(shellQuote).join(' ')} --shard "$SLURM_ARRAY_TASK_ID/${tasks}"`,
      '',
    ].join('\n'),
  };
}

/** The task that does a job. @param at its place among all jobs, counted from 0 */
export function taskOf(at: number, tasks: number): number {
  return (at % tasks) + 1;
}
