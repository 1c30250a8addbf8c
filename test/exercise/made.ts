import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Answer, isRight } from '../../scripts/exercise/answers.ts';
import type { Who } from '../../scripts/exercise/draw.ts';
import { type Exercise, exerciseReader, stepGroups } from '../../scripts/exercise/exercise.ts';
import { answerOf, proofOf, rightAnswers } from '../../scripts/exercise/right.ts';
import { labText } from '../../scripts/experiment/compose.ts';
import { requireFit } from '../../scripts/experiment/fit.ts';
import { faults } from '../../scripts/faults/index.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { makePlan } from '../../scripts/plan/make-plan.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { mapOfLab } from '../experiment/made.ts';

export interface Variant {
  exercise: Exercise;
  plan: Plan;
  right: Record<string, Answer>;
}

/** What makes variants of an exercise, each with its plan, its right answers, and every step compared with its lab. */
export async function variants(id: string, folder: string): Promise<(student: string, course?: string) => Variant> {
  const read = exerciseReader(await readFile(join(folder, 'exercise.yaml'), 'utf8'), { name: id, file: id });
  const first = read({ course: '', student: 'first' }).data;
  const named = typeof first.lab === 'string' ? await mapOfLab(first.lab) : undefined;
  return (student, course = '') => {
    const who: Who = { course, student };
    const { data: exercise, source } = read(who);
    const base = named ?? (exercise.lab as Record<string, unknown>);
    const plan = makePlan(parseLab(labText(base, exercise.variant), { name: id, file: id }).lab);
    const right = rightAnswers(exercise, plan);
    for (const steps of [...stepGroups(exercise), proofOf(exercise, right, source, id)])
      requireFit(steps, plan, faults, id, source);
    return { exercise, plan, right };
  };
}

/** Whether one of its wrong answers would be taken for right. */
export function wrongTakenForRight({ exercise, plan, right }: Variant): string[] {
  return exercise.tasks.flatMap((task) =>
    task.mistakes.flatMap(({ answer }) => {
      if (!answer || task.kind !== 'answered') return [];
      const given = answerOf(answer, plan).map(String);
      return isRight(given, right[task.id] ?? [], task.answer.within) ? [`${task.id}: ${given.join(' ')}`] : [];
    }),
  );
}

/** Everything that a student answers and sees, so that equal ones are equal variants. */
export const sameAs = ({ exercise, right }: Variant): string => JSON.stringify([exercise.values, right]);

/** The share of pairs of students of whom one could give the other's answer to a task. */
export function shareOfEqual(all: readonly Variant[], task: string): number {
  const counts = new Map<string, number>();
  for (const { right } of all) {
    const key = JSON.stringify(right[task]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const equal = [...counts.values()].reduce((sum, count) => sum + count * (count - 1), 0);
  return equal / (all.length * (all.length - 1));
}
