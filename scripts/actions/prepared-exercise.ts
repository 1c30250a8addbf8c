import { join } from 'node:path';
import { ScriptError } from '../errors.ts';
import type { Exercise } from '../exercise/exercise.ts';
import { isSeen } from '../experiment/trial.ts';
import { removeTree } from '../host/files.ts';
import { leaveNoMachines } from '../host/interrupt.ts';
import { hasPlan, lockLab } from '../host/run-state.ts';
import { disconnect, type ProvisionedLab } from '../provision/lab-states.ts';
import { type Emit, stage } from '../report/events.ts';
import { benchOf } from '../trials/machines.ts';
import { trySteps } from '../trials/try-steps.ts';
import { bringUp } from './bring-up.ts';
import { endLab } from './down.ts';
import type { OpenedLab } from './opened-lab.ts';
import { controlOf } from './trial.ts';

/**
 * Makes new machines, does on them what a learner does not see, and then some work, under the lab's lock. What ran before is ended.
 * Ctrl-C ends it, and the caller ends the lab.
 * @param what the command, for others that wait
 */
export async function withPrepared<T>(
  exercise: Exercise,
  opened: OpenedLab,
  { setup, what }: { setup: boolean; what: string },
  emit: Emit,
  work: (lab: ProvisionedLab) => Promise<T>,
): Promise<T> {
  const { place } = opened;
  if (await hasPlan(place)) await endLab(place, emit);
  const { lab } = await bringUp(opened, { setup, what, starting: leaveNoMachines }, emit);
  const lock = await lockLab(place, what, emit);
  try {
    await stage(emit, 'try', 'preparing the exercise', () => prepareIn(lab, opened, exercise, emit));
    return await work(lab);
  } finally {
    lock.release();
    disconnect(lab);
  }
}

async function prepareIn(lab: ProvisionedLab, opened: OpenedLab, { id, variant }: Exercise, emit: Emit): Promise<void> {
  if (variant.steps.length === 0) return;
  const bench = await benchOf(lab, opened.templates, controlOf(opened, lab, emit, { secret: true }), emit);
  // What the steps change is the exercise, and their names would tell what it is.
  const trial = await trySteps({ ...bench, undo: async () => {} }, variant.steps, () => {});
  if (!isSeen(trial)) {
    throw new ScriptError(`exercise ${id} could not be prepared: a step of prepare did not see what it must`, {
      cause: 'the exercise is wrong, or this computer is too slow for it',
      tryThis: `lab exercise start ${id}`,
    });
  }
  // `lab diff` compares with what a learner finds, not with the lab before.
  const { recordStates } = await import('../provision/node-states.ts');
  await removeTree(join(opened.place.folder, 'state'));
  await recordStates(lab, opened, emit);
}
