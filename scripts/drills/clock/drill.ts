import type { Drill } from '../drill.ts';
import { nodeRunner } from '../shared/node-runner.ts';
import { judgeWrongClock } from './judge.ts';
import { clockBound, parseWrongClock, type WrongClockSeen } from './seen.ts';

/** Seconds that the clock is set ahead. */
const seconds = 60;

export const clockDrill: Drill<WrongClockSeen> = {
  name: 'clock',
  about: "sets a real server's clock wrong and measures how soon chrony has mended it",
  checks: ['clock-mended'],
  needs: [],
  applies: ({ clock }) => clock.length > 0,
  /** When nobody mends the clock, the node sets it back itself. */
  async perform({ lab, plan, templates }) {
    const [client] = plan.clock;
    if (!client) throw new Error('a plan in which nobody takes the time from the director');
    const context = { source: client.source, seconds, bound: clockBound };
    const { script } = nodeRunner(lab, templates, { step: 'verify/wrong-clock', deadlineMs: 120_000 });
    return parseWrongClock(client.node, await script(client.node, 'drills/clock/wrong-clock', context));
  },
  judge: (plan, seen) => [judgeWrongClock(plan, seen)],
};
