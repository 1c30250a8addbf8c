import type { Check } from '../../scripts/checks/check.ts';
import { judge } from '../../scripts/checks/judge.ts';
import type { Observations } from '../../scripts/checks/observations.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { verdictText } from '../../scripts/report/verdict.ts';
import { plainWidth } from '../../scripts/report/wrap.ts';
import { serviceVerdicts } from '../../scripts/verify/service-verdicts.ts';

/**
 * What `lab verify` prints of what was seen, line by line.
 * @param change makes something else of a check
 */
export function screenOf(plan: Plan, seen: Observations, change: (check: Check) => Check = (check) => check): string[] {
  const checks = judge(plan, seen).map(change);
  const verdict = {
    ok: checks.every(({ ok }) => ok),
    services: serviceVerdicts(plan, seen),
    checks,
    kernel: undefined,
  };
  return verdictText(plan, verdict, 'in 5.8 s', { paint: (_, text) => text, width: plainWidth }).split('\n');
}
