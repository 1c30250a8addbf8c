import type { Check } from '../../checks/check.ts';
import type { Plan } from '../../plan/plan.ts';
import { isGood, visitText, withLogs } from '../shared/judge-visits.ts';
import type { PowerCutSeen } from './seen.ts';

/** Judges whether the database came back with all that was written before the power cut. */
export function judgePowerCut(plan: Plan, { node, seconds, visits }: PowerCutSeen): Check {
  const bad = visits.filter((one) => !isGood(one));
  return withLogs(plan, {
    id: 'site-power-cut',
    title: 'the database survives a power cut of its machine',
    ok: visits.length > 0 && bad.length === 0,
    expected: 'a post from before the cut is read',
    observed:
      bad.length > 0
        ? bad.map(visitText).join('; ')
        : `${seconds.toFixed(1)} s after the cut ${node} was back and the post read`,
  });
}
