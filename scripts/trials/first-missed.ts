import type { Step } from '../experiment/experiment.ts';
import { isSeen } from '../experiment/trial.ts';
import type { Bench } from './bench.ts';
import { trySteps } from './try-steps.ts';

/**
 * Does steps that only look or send, until one does not see what it must. What the steps hold open is closed at the end.
 * @returns the index of that step; undefined when all see what they must
 */
export async function firstMissed(bench: Bench, steps: readonly Step[]): Promise<number | undefined> {
  const undo = async () => {};
  try {
    for (const [at, step] of steps.entries())
      if (!isSeen(await trySteps({ ...bench, undo }, [step], () => {}))) return at;
    return undefined;
  } finally {
    await bench.undo();
  }
}
