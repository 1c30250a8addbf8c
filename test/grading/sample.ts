import { type ClassReport, classReport, type Row } from '../../scripts/grading/class-report.ts';
import type { TaskGrade } from '../../scripts/grading/grade.ts';

const hash = (digit: string) => digit.repeat(64);
const written = '2026-11-30T18:04:05Z';

const task = (id: string, points: number, of: number, rest: Partial<TaskGrade> = {}): TaskGrade => ({
  id,
  right: points > 0,
  points,
  of,
  hints: 0,
  tell: points > 0 ? null : { en: `${id} is not right.`, de: `${id} stimmt nicht.` },
  ...rest,
});

const graded = (student: string, file: string, digit: string, tasks: TaskGrade[], more: Partial<Row> = {}): Row =>
  ({
    student,
    course: 'lvs-2027',
    exercise: 'first-service',
    file,
    hash: hash(digit),
    written,
    outcome: 'graded',
    seconds: 12.5,
    points: tasks.reduce((sum, { points }) => sum + points, 0),
    of: tasks.reduce((sum, { of }) => sum + of, 0),
    tasks,
    notes: [],
    look: [],
    ...more,
  }) as Row;

const nobody = { student: null, course: null, exercise: null };

const rows: Row[] = [
  graded('Zoë Ångström-Featherstonehaugh', 'in/zoe.json', 'a', [
    task('service', 3, 3),
    task('answers', 3, 4, { hints: 1 }),
    task('weights', 3, 3),
  ]),
  graded('Ada', 'in/ada.json', 'b', [task('service', 3, 3), task('answers', 0, 4), task('weights', 0, 3)], {
    look: ['task answers: the student’s own check found it right, and this run did not'],
    notes: ['rs1: 1 thing is not as the student left it: process <my & own>.service'],
  }),
  graded('=1+1', 'in/@eve.json', 'c', [task('service', 0, 3), task('answers', 0, 4), task('weights', 0, 3)]),
  { ...nobody, file: 'in/bad.json', hash: hash('d'), written, outcome: 'refused', reason: 'it is not a submission' },
  {
    student: 'Bob',
    course: 'lvs-2027',
    exercise: 'first-service',
    file: 'in/bob.json',
    hash: hash('e'),
    written,
    outcome: 'failed',
    reason: 'rs1 did not answer for 60 s (node rs1)',
  },
];

/** A class with everything that can be in its report. */
export const sample: ClassReport = classReport(rows, ['Ada', 'Bob', 'Dan', '=1+1', 'Zoë Ångström-Featherstonehaugh']);
