import type { StateDifference } from '../state/state.ts';
import type { Exercise } from './exercise.ts';
import { allPoints, earnedPoints, type Progress } from './points.ts';

/** What a student hands in. Whoever grades it trusts neither `right` nor `points`: they are what the last check found. */
export interface Submission extends Progress {
  schema: 'lvs-lab/submission/1';
  exercise: string;
  course: string;
  student: string;
  points: number;
  of: number;
  /** What differs on each node from what the student found; empty for an exercise without machines. */
  nodes: SubmittedNode[];
}

export interface SubmittedNode {
  node: string;
  /** What could not be read, a sentence each. */
  unread: string[];
  differences: Omit<StateDifference, 'node'>[];
}

export function submissionOf(exercise: Exercise, progress: Progress, nodes: SubmittedNode[]): Submission {
  const { course, student } = exercise.who;
  const { hints, answers, right } = progress;
  return {
    schema: 'lvs-lab/submission/1',
    exercise: exercise.id,
    course,
    student,
    hints,
    answers,
    right,
    points: earnedPoints(exercise, progress),
    of: allPoints(exercise),
    nodes,
  };
}

/** A name for its file, of letters that every file system takes: `first-service-ada-lowe.json`. */
export function submissionName({ id, who }: Pick<Exercise, 'id' | 'who'>): string {
  const plain = who.student
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return `${id}-${plain || 'student'}.json`;
}
