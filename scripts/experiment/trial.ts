import type { Complaint } from './complaints.ts';
import type { Purpose } from './experiment.ts';
import type { Judged } from './judge.ts';
import type { KindName } from './kinds.ts';
import type { Repeats } from './rounds.ts';

/** One run of an experiment, as a value. */
export interface Trial {
  steps: TriedStep[];
  /** What kernels complained about. */
  complaints: Complaint[];
  /** The kernel of each machine, as it said itself. */
  kernels: NodeKernel[];
  /** The last lines on the console of each machine since the beginning. */
  consoles: { node: string; lines: string[] }[];
  seconds: number;
}

export interface NodeKernel {
  node: string;
  /** As uname -r prints it. */
  name: string;
  /** Of the upstream kernel, if it tells. */
  version: string | undefined;
}

export interface TriedStep {
  title: string;
  /** What was done, in a line. */
  deed: string;
  seconds: number;
  expectations: (Judged & { purpose: Purpose; kind: KindName })[];
}

/** Whether all was seen that must be seen, and no kernel complained. */
export function isMet(trial: Trial): boolean {
  return trial.complaints.length === 0 && isSeen(trial);
}

/** Whether all was seen that must be seen, whatever kernels say. */
export function isSeen({ steps }: Pick<Trial, 'steps'>): boolean {
  return all(steps, 'see').every(({ met }) => met);
}

function all(steps: readonly TriedStep[], purpose: Purpose) {
  return steps.flatMap(({ expectations }) => expectations.filter((one) => one.purpose === purpose));
}

/** What one round says of a bug. `unclear`: neither what is wrong nor what is right was seen, or not what must be seen in any case. */
export type Round = 'hit' | 'clean' | 'unclear';

export function roundOf({ steps, complaints }: Trial): Round {
  if (complaints.length > 0) return 'hit';
  if (!all(steps, 'see').every(({ met }) => met)) return 'unclear';
  const [wrong, right] = [all(steps, 'wrong'), all(steps, 'right')].map(
    (some) => some.length > 0 && some.every(({ met }) => met),
  );
  if (wrong === right) return 'unclear';
  return wrong ? 'hit' : 'clean';
}

export const verdicts = ['reproduced', 'not reproduced', 'the lab broke'] as const;
export type BugVerdict = (typeof verdicts)[number];

/**
 * So many hits are enough, as a rule one; that there is no bug is only said when every round was clear.
 * @param needed hits
 */
export function verdictOf(rounds: readonly Round[], needed = 1): BugVerdict {
  if (hitsOf(rounds) >= needed) return 'reproduced';
  return rounds.length > 0 && !rounds.includes('unclear') ? 'not reproduced' : 'the lab broke';
}

/** Whether more rounds can change the verdict. */
export function isDecided(rounds: readonly Round[], { rounds: all, hits }: Repeats): boolean {
  return rounds.length >= all || hitsOf(rounds) >= hits;
}

export function hitsOf(rounds: readonly Round[]): number {
  return rounds.filter((one) => one === 'hit').length;
}
