import type { Check } from '../../checks/check.ts';
import type { Plan } from '../../plan/plan.ts';
import { came, withHint, words } from '../shared/visits-words.ts';
import type { PowerCutSeen } from './seen.ts';

export function judgePowerCut(plan: Plan, { node, seconds, visits }: PowerCutSeen): Check {
  const bad = visits.filter((one) => !came(one));
  return withHint(plan, {
    id: 'site-power-cut',
    title: 'the database survives a power cut of its machine',
    ok: visits.length > 0 && bad.length === 0,
    expected: 'the post from before is read',
    observed:
      bad.length > 0 ? bad.map(words).join('; ') : `${node} back, and the post read, after ${seconds.toFixed(1)} s`,
  });
}
