import type { Check } from '../../scripts/checks/check.ts';
import { judge } from '../../scripts/checks/judge.ts';
import { askedOf } from '../../scripts/checks/looks/answers.ts';
import { predictedAnswers } from '../../scripts/checks/looks/predicted.ts';
import type { Observations } from '../../scripts/checks/observations.ts';
import { serviceName } from '../../scripts/ipvs/rules.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { verdictText } from '../../scripts/report/verdict.ts';
import { plainWidth } from '../../scripts/report/wrap.ts';

/**
 * What `lab verify` prints of what was seen, line by line.
 * @param change makes something else of a check
 */
export function screenOf(plan: Plan, seen: Observations, change: (check: Check) => Check = (check) => check): string[] {
  const services = plan.services.map((service) => {
    const { answers } = askedOf(plan, service, seen);
    return { name: serviceName(service), service, answers, predicted: predictedAnswers(plan, service, seen) };
  });
  const checks = judge(plan, seen).map(change);
  const verdict = { ok: checks.every(({ ok }) => ok), services, checks };
  return verdictText(plan, verdict, 'in 5.8 s', { paint: (_, text) => text, width: plainWidth }).split('\n');
}
