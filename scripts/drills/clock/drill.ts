import type { Drill } from '../drill.ts';
import { nodeRunner } from '../shared/node-runner.ts';
import { judgeWrongClock } from './judge.ts';
import { clockBound, parseWrongClock, type WrongClockSeen } from './seen.ts';

/** Seconds that the clock is set ahead. */
const seconds = 60;

export const clockDrill: Drill<WrongClockSeen> = {
  name: 'clock',
  about: "sets a real server's clock a minute ahead, and measures how soon chrony corrects it",
  checks: ['clock-mended'],
  needs: [],
  applies: ({ clock }) => clock.length > 0,
  /** The script sets the clock back by itself when chrony does not. */
  async perform(context) {
    const [client] = context.plan.clock;
    if (!client) throw new Error('a plan in which no node takes the time from the director');
    const { node, source } = client;
    const { script } = nodeRunner(context, { drill: 'clock', deadlineMs: 120_000 });
    const output = await script(node, 'drills/clock/wrong-clock', { source, seconds, bound: clockBound });
    return parseWrongClock(node, output);
  },
  judge: (plan, seen) => [judgeWrongClock(plan, seen)],
};
