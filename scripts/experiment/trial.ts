import type { Complaint } from './complaints.ts';
import type { Purpose } from './experiment.ts';
import type { Judged } from './judge.ts';
import type { KindName } from './kinds.ts';

/** One run of an experiment, as a value. */
export interface Trial {
  steps: TriedStep[];
  /** What kernels complained about. */
  complaints: Complaint[];
  seconds: number;
}

export interface TriedStep {
  title: string;
  /** What was done, in a line. */
  deed: string;
  seconds: number;
  expectations: (Judged & { purpose: Purpose; kind: KindName })[];
}

/** Whether all was seen that must be seen, and no kernel complained. */
export function isMet({ steps, complaints }: Trial): boolean {
  return complaints.length === 0 && all(steps, 'see').every(({ met }) => met);
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

/** One hit is enough; that there is no bug is only said when every round was clean. */
export function verdictOf(rounds: readonly Round[]): BugVerdict {
  if (rounds.includes('hit')) return 'reproduced';
  return rounds.length > 0 && rounds.every((one) => one === 'clean') ? 'not reproduced' : 'the lab broke';
}
