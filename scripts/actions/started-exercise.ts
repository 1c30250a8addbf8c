import { join } from 'node:path';
import { LabError, ProviderError, UsageError } from '../errors.ts';
import type { Exercise } from '../exercise/exercise.ts';
import { type ReadyExercise, readReady } from '../host/exercise-state.ts';
import { projectRoot } from '../host/paths.ts';
import { lockLab } from '../host/run-state.ts';
import { disconnect, type ProvisionedLab } from '../provision/lab-states.ts';
import { connectAll } from '../provision/provision.ts';
import { loadTemplates } from '../render/load-templates.ts';
import type { Templates } from '../render/render.ts';
import type { Emit } from '../report/events.ts';
import { jsonLines, toAll } from '../report/sinks.ts';
import { findRunningLab, machinesOf } from './opened-lab.ts';

/**
 * Does something in the lab that a student has started, under its lock.
 * @param what the command, for others that wait
 * @throws ProviderError where it does not run; UsageError where it is another student's
 */
export async function inStarted<T>(
  exercise: Exercise,
  what: string,
  emit: Emit,
  work: (lab: ProvisionedLab, templates: Templates, emit: Emit) => Promise<T>,
): Promise<T> {
  const running = await findStarted(exercise);
  const { plan, place } = running;
  const toFile = toAll(emit, jsonLines(join(place.folder, 'events.jsonl')));
  const lock = await lockLab(place, what, toFile);
  try {
    const machines = await machinesOf(running, undefined, toFile, { locked: true }).catch((error: unknown) => {
      throw error instanceof ProviderError ? notRunning(exercise.id, 'a machine has stopped', 'reset') : error;
    });
    const [templates, remotes] = await Promise.all([loadTemplates(projectRoot), connectAll(machines)]);
    const lab: ProvisionedLab = { plan, place, machines, remotes };
    try {
      return await work(lab, templates, toFile);
    } finally {
      disconnect(lab);
    }
  } finally {
    lock.release();
  }
}

async function findStarted({ id, who }: Exercise): ReturnType<typeof findRunningLab> {
  const notStarted = (cause: string) => notRunning(id, cause, 'start');
  const running = await findRunningLab(id).catch((error: unknown) => {
    // `lab up` knows no exercise, so what it would suggest is of no use.
    throw error instanceof LabError ? notStarted('it was not started from this folder, or by another version') : error;
  });
  const ready = await readReady(running.place);
  if (!ready) throw notStarted('it was not prepared to its end');
  requireOwn({ id, who }, ready);
  return running;
}

/** @throws UsageError when a lab is another student's */
export function requireOwn({ id, who }: Pick<Exercise, 'id' | 'who'>, ready: ReadyExercise): void {
  if (ready.course === who.course && ready.student === who.student) return;
  throw new UsageError(`exercise ${id} runs in this folder for another student: ${ready.student}`, {
    cause: 'the lab of an exercise is one student’s; another folder can have another one',
    tryThis: `lab down ${id}`,
  });
}

function notRunning(id: string, cause: string, command: 'start' | 'reset'): ProviderError {
  return new ProviderError(`exercise ${id} does not run`, { cause, tryThis: `lab exercise ${command} ${id}` });
}
