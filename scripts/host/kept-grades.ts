import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Grade } from '../grading/grade.ts';
import { cacheFolder } from './paths.ts';
import { readState, writeState } from './state-file.ts';
import { version } from './version.ts';

/** A grade, and the seconds that it took. */
export interface KeptGrade extends Grade {
  seconds: number;
}

/** Grades are kept in the cache of whoever grades: nothing that a student hands in is among them. */
const gradesFolder = () => join(cacheFolder(), 'grades');

/**
 * The file that keeps a grade. Its name is made of all that the grade depends on, so that what has changed is graded anew.
 * @param hash of the submission
 * @param exercise as its student has it, with its lab and its right answers
 */
export function keptGradeFile(hash: string, exercise: object): string {
  const key = createHash('sha256')
    .update(JSON.stringify([version(), hash, exercise]))
    .digest('hex');
  return join(gradesFolder(), `${key.slice(0, 32)}.json`);
}

/** Undefined where it is not kept, cannot be read, or somebody has changed it. */
export function readGrade(file: string): Promise<KeptGrade | undefined> {
  return readState<KeptGrade>(file).catch(() => undefined);
}

/** @returns why the grade could not be kept, such as a folder that is read-only; undefined if it was kept */
export async function keepGrade(file: string, grade: KeptGrade): Promise<string | undefined> {
  try {
    await writeState(file, grade);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return error.message;
  }
}
