import test from 'ava';
import { exerciseReader } from '../../scripts/exercise/exercise.ts';
import type { Judgement } from '../../scripts/exercise/judge.ts';
import { noProgress } from '../../scripts/exercise/points.ts';
import { type Submission, submissionOf } from '../../scripts/exercise/submission.ts';
import {
  classReport,
  divided,
  failed,
  graded,
  needsLook,
  type Read,
  refused,
} from '../../scripts/grading/class-report.ts';
import { gradeOf } from '../../scripts/grading/grade.ts';

const text = `id: x
title: { en: One, de: Eins }
kind: build
lesson: 1
minutes: 5
draw: { n: 1..1 }
lab: dr
tasks:
  - id: asks
    title: { en: Ask, de: Frag }
    points: 3
    done:
      - wait: 1
        tell: { en: No., de: Nein. }
        see: [{ servers: { weight: 7 } }]
    solve: [{ run: { on: rs1, command: "true" } }]
    hints: [{ cost: 1, text: { en: Look, de: Schau } }, { cost: 9, text: { en: Look, de: Schau } }]
  - id: many
    title: { en: How many, de: Wie viele }
    points: 2
    answer: { is: [3, 4] }
`;
const exercise = exerciseReader(text, { name: 'x', file: 'x' })({ course: '', student: 'Ada' }).data;

const right: Judgement = { right: true };
const wrong: Judgement = { right: false, tell: { en: 'No.', de: 'Nein.' } };
const judged = (asks: Judgement, many: Judgement) =>
  new Map([
    ['asks', asks],
    ['many', many],
  ]);

const submission = (change: Partial<Submission> = {}): Submission => ({
  ...submissionOf(exercise, noProgress, []),
  ...change,
});

test('a grade is what the run found, less the hints, whatever the file says of its points', (t) => {
  const grade = gradeOf(
    exercise,
    submission({ hints: { asks: 1 }, right: ['asks', 'many'], points: 5 }),
    judged(right, right),
    [],
  );
  t.like(grade, { points: 4, of: 5, look: [], notes: [] });
  t.deepEqual(
    grade.tasks.map(({ points }) => points),
    [2, 2],
  );
  t.is(gradeOf(exercise, submission({ hints: { asks: 2 } }), judged(right, wrong), []).points, 0);
  t.is(gradeOf(exercise, submission({ points: 5 }), judged(wrong, wrong), []).points, 0);
});

test('what the student’s own check found and the run did not must be looked at', (t) => {
  const { look, notes, points } = gradeOf(exercise, submission({ right: ['asks'] }), judged(wrong, right), ['left']);
  t.is(points, 2);
  t.deepEqual(look, ['task asks: the student’s own check found it right, and this run did not']);
  t.deepEqual(notes, ['left']);
});

test('what the run found and the student’s last check did not is said', (t) => {
  const { look, notes } = gradeOf(exercise, submission(), judged(right, right), []);
  t.deepEqual(look, []);
  t.deepEqual(notes, ['task asks: this run found it right, and the student’s last check had not']);
});

test('tasks of another version of the exercise must be looked at', (t) => {
  const { look } = gradeOf(exercise, submission({ answers: { old: ['3'] } }), judged(wrong, wrong), []);
  t.deepEqual(look, ['it has tasks that the exercise does not have: old; it may be of another version']);
});

const read = (file: string, change: Partial<Submission> = {}): Read => ({
  file,
  hash: file,
  written: '',
  submission: submission(change),
});

test('two files of one student for one exercise do not count, and other courses do not where one is named', (t) => {
  const all = [
    read('a', { student: 'Ada' }),
    read('b', { student: 'Ada' }),
    read('c', { student: 'Ada', exercise: 'y' }),
    read('d', { student: 'Ada', course: 'other' }),
    read('e', { student: 'Bob' }),
  ];
  const any = divided(all, undefined);
  t.deepEqual(
    any.toGrade.map(({ file }) => file),
    ['c', 'd', 'e'],
  );
  t.deepEqual(
    any.rows.map((row) => row.outcome === 'refused' && row.reason),
    [
      'Ada has handed in more than one file for this exercise: also b',
      'Ada has handed in more than one file for this exercise: also a',
    ],
  );
  const other = divided(all, 'other');
  t.deepEqual(
    other.toGrade.map(({ file }) => file),
    ['d'],
  );
  t.true(other.rows.every((row) => row.outcome === 'refused' && row.reason === 'it is of no course'));
});

test('files of one student whose names are printed in the same way are two files', (t) => {
  const { toGrade, rows } = divided([read('a?.json'), read('a?.json')], undefined);
  t.deepEqual([toGrade.length, rows.length], [0, 2]);
});

test('who is on the roster and has handed in nothing is missing; who is not on it must be looked at', (t) => {
  const grade = gradeOf(exercise, submission(), judged(wrong, wrong), []);
  const rows = [
    graded(read('a', { student: 'Eve' }), grade, 1),
    failed(read('b', { student: 'Bob' }), 'no memory'),
    refused(read('c'), 'not a submission'),
  ];
  const report = classReport(rows, ['Ada', 'Bob']);
  t.deepEqual(
    report.rows.map((row) => [row.student, row.exercise, row.outcome, needsLook(row)]),
    [
      ['Ada', 'x', 'missing', false],
      ['Bob', 'x', 'failed', true],
      ['Eve', 'x', 'graded', true],
      [null, null, 'refused', true],
    ],
  );
  t.deepEqual(
    classReport([], ['Ada']).rows.map((row) => [row.student, row.exercise]),
    [['Ada', null]],
  );
  const other = refused(read('d', { student: 'Ada' }), 'x', submission({ student: 'Ada', exercise: 'none' }));
  t.is(classReport([...rows, other], ['Ada']).rows.filter(({ outcome }) => outcome === 'missing').length, 1);
  t.deepEqual(
    classReport([other], ['Ada']).rows.map(({ outcome }) => outcome),
    ['refused'],
  );
  t.false(classReport(rows, undefined).rows.some(({ outcome }) => outcome === 'missing'));
});
