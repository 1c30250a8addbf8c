import test from 'ava';
import { exerciseReader } from '../../scripts/exercise/exercise.ts';
import { earnedPoints, nextHint, noProgress, worthOf } from '../../scripts/exercise/points.ts';
import { submissionOf } from '../../scripts/exercise/submission.ts';
import { gradeOf } from '../../scripts/grading/grade.ts';

/** An exercise whose author has named a task by a word that every object inherits. */
const text = `id: x
title: { en: One, de: Eins }
kind: predict
lesson: 1
minutes: 5
draw: { n: 1..1 }
lab: dr
tasks:
  - id: constructor
    title: { en: How many, de: Wie viele }
    points: 2
    answer: { is: [3] }
    hints: [{ cost: 1, text: { en: Look, de: Schau } }]
`;
const exercise = exerciseReader(text, { name: 'x', file: 'x' })({ course: '', student: 'Ada' }).data;
const task = exercise.tasks[0] as (typeof exercise.tasks)[number];

test('a task that is named constructor has no hints that nobody took', (t) => {
  const progress = { ...noProgress, right: [task.id] };
  t.is(nextHint(task, noProgress)?.text.en, 'Look');
  t.is(worthOf(task, progress), 2);
  t.is(earnedPoints(exercise, progress), 2);
  const grade = gradeOf(exercise, submissionOf(exercise, progress, []), new Map([[task.id, { right: true }]]), []);
  t.deepEqual(
    grade.tasks.map(({ hints }) => hints),
    [0],
  );
});
