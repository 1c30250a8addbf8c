import type { Exercise } from '../exercise/exercise.ts';
import type { Judgement } from '../exercise/judge.ts';
import type { Words } from '../exercise/languages.ts';
import { allPoints, earnedPoints, worthOf } from '../exercise/points.ts';
import type { Submission } from '../exercise/submission.ts';
import { own } from '../own.ts';

export interface TaskGrade {
  id: string;
  right: boolean;
  points: number;
  of: number;
  /** How many were taken. */
  hints: number;
  /** What a learner would be told; null for a task that is right. */
  tell: Words | null;
}

/** What one submission is worth. */
export interface Grade {
  points: number;
  of: number;
  tasks: TaskGrade[];
  /** What a teacher should know, a sentence each. */
  notes: string[];
  /** Why a teacher must look at it, a sentence each: the grade may be wrong. */
  look: string[];
}

/**
 * @param judgements of each task, by its id
 * @param notes of what could not be brought over from the student's machines
 */
export function gradeOf(
  exercise: Exercise,
  submission: Submission,
  judgements: ReadonlyMap<string, Judgement>,
  notes: readonly string[],
): Grade {
  const judged = exercise.tasks.map((task) => {
    const judgement = judgements.get(task.id);
    if (!judgement) throw new Error(`task ${task.id} is not judged`);
    return { task, judgement };
  });
  const right = judged.filter(({ judgement }) => judgement.right).map(({ task }) => task.id);
  const progress = { ...submission, right };
  const known = new Set(exercise.tasks.map(({ id }) => id));
  const other = [...new Set([...submission.right, ...Object.keys(submission.answers)])].filter((id) => !known.has(id));
  return {
    points: earnedPoints(exercise, progress),
    of: allPoints(exercise),
    tasks: judged.map(({ task, judgement }) => ({
      id: task.id,
      right: judgement.right,
      points: judgement.right ? worthOf(task, progress) : 0,
      of: task.points,
      hints: own(submission.hints, task.id) ?? 0,
      tell: judgement.right ? null : judgement.tell,
    })),
    notes: [
      ...notes,
      ...exercise.tasks
        .filter(({ id, kind }) => kind === 'done' && right.includes(id) && !submission.right.includes(id))
        .map(({ id }) => `task ${id}: this run found it right, and the student’s last check had not`),
    ],
    look: [
      ...submission.right
        .filter((id) => known.has(id) && !right.includes(id))
        .map((id) => `task ${id}: the student’s own check found it right, and this run did not`),
      ...(other.length > 0
        ? [`it has tasks that the exercise does not have: ${other.join(', ')}; it may be of another version`]
        : []),
    ],
  };
}
