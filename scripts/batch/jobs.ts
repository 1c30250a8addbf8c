import type { z } from 'zod';
import { type batchSchema, type JobVerb, jobVerbs } from './schema.ts';

/** One job: a command of the kit, and nothing that another job has. */
export interface Job {
  verb: JobVerb;
  /** A lab, an experiment or a bug, as it is named in the file. */
  what: string;
  /** The kernel that it is done with; null for the one that its file says. */
  kernel: string | null;
  /** Counted from 1. */
  round: number;
  /** Where it stands in the file: the index of its item. */
  item: number;
}

type Item = z.output<typeof batchSchema>['jobs'][number];

/**
 * All jobs of the items. First comes round 1 of all of them, then round 2: whoever ends a batch early knows something of each.
 */
export function jobsOf(items: readonly Item[]): Job[] {
  const most = items.reduce((sofar, { repeat }) => Math.max(sofar, repeat), 0);
  return Array.from({ length: most }, (_, at) => at + 1).flatMap((round) =>
    items.flatMap((one, item) => (one.repeat < round ? [] : once(one).map((job) => ({ ...job, round, item })))),
  );
}

function once(item: Item): Pick<Job, 'verb' | 'what' | 'kernel'>[] {
  return jobVerbs.flatMap((verb) =>
    [item[verb] ?? []].flat().flatMap((what) => (item.kernels ?? [null]).map((kernel) => ({ verb, what, kernel }))),
  );
}

/** Equal for jobs that are the same. */
export function sameJob({ verb, what, kernel, round }: Job): string {
  return JSON.stringify([verb, what, kernel, round]);
}

/** `bug udp-removed-server, kernel 6.1, round 3`. */
export function jobWords({ verb, what, kernel, round }: Job, { rounds }: { rounds: boolean }): string {
  const parts = [`${verb} ${what}`, kernel === null ? '' : `kernel ${kernel}`, rounds ? `round ${round}` : ''];
  return parts.filter(Boolean).join(', ');
}

/** Part of the jobs, of so many parts. */
export interface Shard {
  /** Counted from 1. */
  part: number;
  of: number;
}

/** Every job is in one part, and the sizes of two parts differ by one at most. */
export function shardOf<T>(jobs: readonly T[], { part, of }: Shard): T[] {
  return jobs.filter((_, at) => at % of === part - 1);
}
