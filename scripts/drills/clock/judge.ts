import { clockTolerance } from '../../checks/clock/check.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Check } from '../../verify/check.ts';
import { clockBound, type WrongClockSeen } from './seen.ts';

/** What became of a clock that was set wrong by a minute. */
export function judgeWrongClock({ lab, clock }: Plan, { node, ahead, mended, offset }: WrongClockSeen): Check {
  const wrong = `${node} was ${ahead.toFixed(1)} s ahead`;
  const off = offset === undefined ? 'the director does not tell how far it is off' : `${offset.toFixed(3)} s off`;
  const ok =
    ahead > 1 && mended !== undefined && mended <= clockBound && offset !== undefined && offset < clockTolerance;
  const source = clock.find((one) => one.node === node)?.source;
  return {
    id: 'clock-mended',
    title: 'a clock that is set wrong comes right',
    ok,
    expected: `within ${clockBound} s, less than ${clockTolerance} s off the director's`,
    observed:
      mended === undefined
        ? `${wrong}, and stayed so for ${clockBound} s`
        : `${wrong}, right again after ${mended.toFixed(1)} s (${off})`,
    ...(!ok && {
      hint: `chrony on ${node} must be told by ${source} and may set the clock (makestep): lab ssh ${lab} ${node} -- journalctl -u chrony; lab ssh ${lab} director -- systemctl status chrony; or lab up ${lab}`,
    }),
  };
}
