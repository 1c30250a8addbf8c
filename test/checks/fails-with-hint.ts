import type { ExecutionContext } from 'ava';
import type { Check } from '../../scripts/checks/check.ts';
import { checkKinds } from '../../scripts/checks/index.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { hintProblems, hintText } from './hint-text.ts';

/** A check failed, and nothing is wrong with its hint. */
export function failsWithHint(t: ExecutionContext, check: Check | undefined, plan: Plan, wanted: RegExp): void {
  t.is(check?.ok, false, check?.id ?? 'there is no such check');
  const ids = checkKinds.map(({ id }) => id);
  t.deepEqual(hintProblems(check?.hint, plan, ids), []);
  t.regex(hintText(check?.hint, plan.lab), wanted);
}
