import { own } from '../own.ts';
import type { Exercise, Task } from './exercise.ts';

/** What is known of a student's work, by the ids of tasks. */
export interface Progress {
  /** How many hints were taken. */
  hints: Readonly<Record<string, number>>;
  /** Words of the last answer. */
  answers: Readonly<Record<string, readonly string[]>>;
  /** Tasks that the last check found right. */
  right: readonly string[];
}

export const noProgress: Progress = { hints: {}, answers: {}, right: [] };

export function allPoints({ tasks }: Pick<Exercise, 'tasks'>): number {
  return tasks.reduce((sum, { points }) => sum + points, 0);
}

/** What a right task is worth after the hints that were taken for it. */
export function worthOf({ id, points, hints }: Task, { hints: taken }: Pick<Progress, 'hints'>): number {
  const costs = hints.slice(0, own(taken, id) ?? 0).map(({ cost }) => cost);
  return Math.max(0, points - costs.reduce((sum, cost) => sum + cost, 0));
}

export function earnedPoints({ tasks }: Pick<Exercise, 'tasks'>, progress: Progress): number {
  return tasks.filter(({ id }) => progress.right.includes(id)).reduce((sum, task) => sum + worthOf(task, progress), 0);
}

/** The next hint of a task: the first that was not taken. */
export function nextHint({ id, hints }: Task, { hints: taken }: Progress): Task['hints'][number] | undefined {
  return hints[own(taken, id) ?? 0];
}
