import type { Check } from '../../checks/check.ts';
import { clockTolerance } from '../../checks/clock/check.ts';
import type { Hint } from '../../checks/hint.ts';
import { type Plan, theNode } from '../../plan/plan.ts';
import { clockBound, type WrongClockSeen } from './seen.ts';

/** Judges whether chrony corrected a clock that was set wrong. */
export function judgeWrongClock(plan: Plan, seen: WrongClockSeen): Check {
  const { node, ahead, corrected, offset } = seen;
  const wrong = `${node} was ${ahead.toFixed(1)} s ahead`;
  const off = offset === undefined ? 'no answer from the director' : `${offset.toFixed(3)} s off`;
  const inTime = corrected !== undefined && corrected <= clockBound;
  const ok = ahead > 1 && inTime && offset !== undefined && offset < clockTolerance;
  return {
    id: 'clock-mended',
    title: 'chrony corrects a clock that is set wrong',
    ok,
    expected: `within ${clockBound} s, less than ${clockTolerance} s off the director's`,
    observed:
      corrected === undefined
        ? `${wrong}, and still was after ${clockBound} s`
        : `${wrong}, corrected after ${corrected.toFixed(1)} s (${off})`,
    ...(!ok && { hint: hintOf(plan, seen) }),
  };
}

function hintOf(plan: Plan, seen: WrongClockSeen): Hint {
  return {
    cause: causeOf(seen),
    commands: [
      { on: seen.node, run: 'journalctl -u chrony -n 9' },
      { on: theNode(plan, 'director').name, run: 'systemctl status chrony' },
    ],
    see: [],
  };
}

function causeOf({ node, ahead, corrected, offset }: WrongClockSeen): string {
  if (ahead <= 1) return `the clock of ${node} could not be set wrong`;
  if (corrected === undefined) return `chrony on ${node} did not set the clock`;
  if (offset === undefined) return `chrony on the director did not answer ${node}`;
  return `chrony on ${node} set the clock late or wrong`;
}
