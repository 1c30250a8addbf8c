import type { Check } from '../../checks/check.ts';
import { clockTolerance } from '../../checks/clock/check.ts';
import type { Hint } from '../../checks/hint.ts';
import { type Plan, theNode } from '../../plan/plan.ts';
import { clockBound, type WrongClockSeen } from './seen.ts';

/** What became of a clock that was set wrong by a minute. */
export function judgeWrongClock(plan: Plan, seen: WrongClockSeen): Check {
  const { node, ahead, mended, offset } = seen;
  const wrong = `${node} was ${ahead.toFixed(1)} s ahead`;
  const off = offset === undefined ? 'the director does not tell how far it is off' : `${offset.toFixed(3)} s off`;
  const ok =
    ahead > 1 && mended !== undefined && mended <= clockBound && offset !== undefined && offset < clockTolerance;
  return {
    id: 'clock-mended',
    title: 'a clock that is set wrong comes right',
    ok,
    expected: `within ${clockBound} s, less than ${clockTolerance} s off the director's`,
    observed:
      mended === undefined
        ? `${wrong}, and stayed so for ${clockBound} s`
        : `${wrong}, right again after ${mended.toFixed(1)} s (${off})`,
    ...(!ok && { hint: hintOf(plan, seen) }),
  };
}

function hintOf(plan: Plan, { node, ahead, mended, offset }: WrongClockSeen): Hint {
  return {
    cause: causeOf(),
    commands: [
      { on: node, run: 'journalctl -u chrony -n 9' },
      { on: theNode(plan, 'director').name, run: 'systemctl status chrony' },
    ],
    see: [],
  };

  function causeOf(): string {
    if (ahead <= 1) return `the clock of ${node} could not be set wrong`;
    if (mended === undefined) return `chrony on ${node} did not set the clock`;
    if (offset === undefined) return `chrony on the director did not answer ${node}`;
    return `chrony on ${node} set the clock late or wrong`;
  }
}
