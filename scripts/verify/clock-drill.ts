import type { ClockClient } from '../plan/plan.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import type { Templates } from '../render/render.ts';
import { clockBound, parseWrongClock, type WrongClockSeen } from './clock-seen.ts';
import { nodeRunner } from './on-node.ts';

/** Seconds that the clock is set ahead. */
const seconds = 60;

/** Sets a real server's clock wrong, and waits until chrony has mended it. When nobody does, the node sets it back itself. */
export async function clockDrill(
  lab: ProvisionedLab,
  { node, source }: ClockClient,
  templates: Templates,
): Promise<WrongClockSeen> {
  const context = { source, seconds, bound: clockBound };
  const { script } = nodeRunner(lab, templates, { step: 'verify/wrong-clock', deadlineMs: 120_000 });
  return parseWrongClock(node, await script(node, 'wrong-clock', context));
}
