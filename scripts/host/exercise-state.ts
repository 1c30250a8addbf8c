import { dirname, join } from 'node:path';
import type { Who } from '../exercise/draw.ts';
import { noProgress, type Progress } from '../exercise/points.ts';
import { type Place, placeOf } from './paths.ts';
import { readState, writeState } from './state-file.ts';

/** Whose variant of an exercise a lab is. It is written when a learner can begin. */
export interface ReadyExercise extends Who {
  exercise: string;
}

/**
 * What a student has done so far, beside the folders of labs: `lab down` and `lab reset` leave it. No lab has a name with a dot.
 */
export function progressFile(exercise: string, { course, student }: Who): string {
  const name = [course, student].map(encodeURIComponent).join('@');
  return join(dirname(placeOf(exercise).folder), '.exercises', exercise, `${name}.json`);
}

export async function readProgress(exercise: string, who: Who): Promise<Progress> {
  return (await readState<Progress>(progressFile(exercise, who))) ?? noProgress;
}

export function writeProgress(exercise: string, who: Who, progress: Progress): Promise<void> {
  return writeState(progressFile(exercise, who), progress);
}

const readyFile = ({ folder }: Pick<Place, 'folder'>) => join(folder, 'exercise.json');

/** Undefined where none was prepared to its end. */
export function readReady(place: Pick<Place, 'folder'>): Promise<ReadyExercise | undefined> {
  return readState<ReadyExercise>(readyFile(place));
}

export function writeReady(place: Pick<Place, 'folder'>, ready: ReadyExercise): Promise<void> {
  return writeState(readyFile(place), ready);
}
