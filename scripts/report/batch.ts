import type { Job } from '../batch/jobs.ts';
import type { JobResult } from '../batch/result.ts';
import { type JobVerdict, verdictOf } from '../batch/verdict.ts';
import { countOf } from '../count-of.ts';
import { median } from '../median.ts';
import { columns } from './columns.ts';
import type { Look, Paint } from './output.ts';
import { wrapLines } from './wrap.ts';

/** A job and how it ended. */
export interface EndedJob {
  job: Job;
  result: JobResult;
}

/** One row for all rounds of a job: what came of them, how often, and how long one took. */
export function batchText(title: string, ended: readonly EndedJob[], seconds: number, look: Look): string {
  const { paint, width } = look;
  if (ended.length === 0) return `\n  ${paint('bold', title)}\n\n  no job is in this part\n`;
  const groups = grouped(ended);
  const kernels = ended.some(({ job }) => job.kernel !== null);
  const rows = groups.map((rounds) => row(rounds, kernels, paint));
  return [
    '',
    wrapLines(`  ${paint('bold', title)}`, width),
    '',
    columns(rows, { width }),
    ...brokenText(groups, look),
    '',
    `  ${sumText(ended, paint)}  ${paint('dim', `in ${seconds.toFixed(1)} s`)}`,
    '',
  ].join('\n');
}

function grouped(ended: readonly EndedJob[]): EndedJob[][] {
  const groups = new Map<string, EndedJob[]>();
  for (const one of ended) {
    const { verb, what, kernel } = one.job;
    const key = JSON.stringify([verb, what, kernel]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function row(rounds: readonly EndedJob[], kernels: boolean, paint: Paint): string[] {
  const [{ job }] = rounds as [EndedJob];
  return [
    job.verb,
    paint('bold', job.what),
    ...(kernels ? [job.kernel ?? 'as its file says'] : []),
    verdictsOf(rounds)
      .map(([verdict, count]) => paint(colourOf(verdict), count === rounds.length ? verdict : together(count, verdict)))
      .join(', '),
    ...(rounds.length > 1 ? [`of ${rounds.length}`] : ['']),
    paint('dim', `${median(rounds.map(({ result }) => result.seconds)).toFixed(1)} s`),
  ];
}

/** No line ends within it. */
function together(count: number, verdict: JobVerdict): string {
  return `${count} ${verdict}`.replaceAll(' ', '\u00a0');
}

/** Each verdict, and how often. */
export function verdictsOf(ended: readonly EndedJob[]): [JobVerdict, number][] {
  const counts = new Map<JobVerdict, number>();
  for (const { job, result } of ended) {
    const verdict = verdictOf(job.verb, result.code);
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  }
  return [...counts];
}

function colourOf(verdict: JobVerdict): 'green' | 'red' | 'yellow' {
  if (verdict === 'the lab broke') return 'yellow';
  return ['passed', 'met', 'not reproduced'].includes(verdict) ? 'green' : 'red';
}

/** Why a lab broke, of the first round in which it did. */
function brokenText(groups: readonly EndedJob[][], { paint, width }: Look): string[] {
  const broken = groups.flatMap((rounds) => rounds.find(({ job, result }) => isBroken(job, result)) ?? []);
  if (broken.length === 0) return [];
  return [
    '',
    ...broken.map(({ job, result }) =>
      wrapLines(`  ${paint('yellow', `${job.verb} ${job.what}`)}: ${reasonOf(result)}`, width),
    ),
  ];
}

const isBroken = ({ verb }: Job, { code }: JobResult) => verdictOf(verb, code) === 'the lab broke';

/** What the command said of its failure. */
export function reasonOf({ document, code, tail }: JobResult): string {
  const { error } = (document ?? {}) as { error?: { message?: string } };
  return error?.message ?? tail?.split('\n').at(-1) ?? `exit code ${code}`;
}

/** The line for a job that has just ended, with its number among all jobs. */
export function endText(count: number, of: number, words: string, { job, result }: EndedJob): string {
  const tries = result.tries > 1 ? `, ${result.tries} tries` : '';
  const verdict = verdictOf(job.verb, result.code);
  return `${String(count).padStart(String(of).length)}/${of}  ${words}: ${verdict}, ${result.seconds.toFixed(1)} s${tries}`;
}

function sumText(ended: readonly EndedJob[], paint: Paint): string {
  const counts = verdictsOf(ended).map(([verdict, count]) => paint(colourOf(verdict), `${count} ${verdict}`));
  return `${paint('bold', countOf(ended.length, 'job'))}: ${counts.join(', ')}`;
}
