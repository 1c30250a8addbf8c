import type { Picks } from '../ipvs/oracle/simulate.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import type { Templates } from '../render/render.ts';
import type { Check } from './check.ts';
import { predictedAnswers } from './checks/answers.ts';
import { judge } from './judge.ts';
import type { Answer } from './observations.ts';
import { observe } from './observe.ts';

export interface Verdict {
  ok: boolean;
  answers: Answer[];
  /** Whom the oracle expected each answer from; undefined where nobody can say. */
  predicted: Picks | undefined;
  checks: Check[];
}

/** Asks the service and looks at every node, then judges. Changes nothing; may be repeated at will. */
export async function verify(lab: ProvisionedLab, templates: Templates): Promise<Verdict> {
  const seen = await observe(lab, templates);
  const checks = judge(lab.plan, seen);
  return {
    ok: checks.every(({ ok }) => ok),
    answers: seen.client.answers,
    predicted: predictedAnswers(lab.plan, seen),
    checks,
  };
}
