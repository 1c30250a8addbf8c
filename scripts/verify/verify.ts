import type { ProvisionedLab } from '../provision/lab-states.ts';
import type { Templates } from '../render/render.ts';
import type { Check } from './check.ts';
import { judge } from './judge.ts';
import type { Answer } from './observations.ts';
import { observe } from './observe.ts';

export interface Verdict {
  ok: boolean;
  answers: Answer[];
  checks: Check[];
}

/** Asks the service and looks at every node, then judges. Changes nothing; may be repeated at will. */
export async function verify(lab: ProvisionedLab, templates: Templates): Promise<Verdict> {
  const seen = await observe(lab, templates);
  const checks = judge(lab.plan, seen);
  return { ok: checks.every(({ ok }) => ok), answers: seen.client.answers, checks };
}
