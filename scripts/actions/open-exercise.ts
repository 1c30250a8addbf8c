import { userInfo } from 'node:os';
import { didYouMean } from '../closest.ts';
import { LabFileError, UsageError } from '../errors.ts';
import type { Answer } from '../exercise/answers.ts';
import type { Who } from '../exercise/draw.ts';
import { type Exercise, exerciseReader, stepGroups, type Task } from '../exercise/exercise.ts';
import { isName, longestName, plainName } from '../exercise/names.ts';
import { rightAnswers } from '../exercise/right.ts';
import { inExperiment, labText } from '../experiment/compose.ts';
import { requireFit } from '../experiment/fit.ts';
import { faults } from '../faults/index.ts';
import { exerciseFolder, readExerciseFile } from '../host/exercise-files.ts';
import { parseLab } from '../model/parse.ts';
import type { Source } from '../model/reading/source.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { mapOfLab } from './open-variant.ts';

/** Options that say whose variant it is. */
export interface StudentOptions {
  student?: string | undefined;
  course?: string | undefined;
}

/** An exercise as a student has it, with its plan and the right answers. */
export interface OpenedExercise {
  exercise: Exercise;
  folder: string;
  source: Source;
  file: string;
  plan: Plan;
  right: Record<string, Answer>;
}

/** The student is LAB_STUDENT or who is logged in, the course LAB_COURSE, where no option says so. @throws UsageError */
export function whoBy({ student, course }: StudentOptions): Who {
  return {
    student: requireName('--student', student ?? process.env.LAB_STUDENT ?? userInfo().username),
    course: requireName('--course', course ?? process.env.LAB_COURSE ?? ''),
  };
}

export function requireName(option: string, text: string): string {
  const name = plainName(text);
  if (isName(name) && (option !== '--student' || name !== '')) return name;
  throw new UsageError(`${option}: ${JSON.stringify(name)} is not a name`, {
    cause: `a name has ${longestName} characters at most, and no control characters`,
  });
}

/** Reads an exercise, draws the student's variant and plans its lab. Starts nothing. @throws LabFileError, UsageError */
export async function openExercise(id: string, who: Who): Promise<OpenedExercise> {
  const folder = await exerciseFolder(id);
  const { file, text } = await readExerciseFile(id, folder);
  const { data: exercise, source } = exerciseReader(text, { name: id, file })(who);
  const { lab, variant } = exercise;
  const base = typeof lab === 'string' ? await mapOfLab(lab, file) : lab;
  const plan = planned(labText(base, variant), { id, file, source });
  for (const steps of stepGroups(exercise)) requireFit(steps, plan, faults, file, source);
  return { exercise, folder, source, file, plan, right: rightAnswers(exercise, plan) };
}

function planned(text: string, { id, file, source }: { id: string; file: string; source: Source }): Plan {
  try {
    return makePlan(parseLab(text, { name: id, file }).lab);
  } catch (error) {
    if (!(error instanceof LabFileError)) throw error;
    throw inExperiment(error, file, source, [['change'], ['lab'], []]);
  }
}

/** @throws UsageError for a word that names no task */
export function requireTask({ id: exercise, tasks }: Exercise, id: string): Task {
  const found = tasks.find((one) => one.id === id);
  if (found) return found;
  const names = tasks.map((one) => one.id);
  const meant = didYouMean(id, names);
  throw new UsageError(`exercise ${exercise} has no task ${id}${meant ? `; ${meant}` : ''}`, {
    cause: `its tasks are ${names.join(', ')}`,
  });
}
