import { type ClassReport, fileOf, type Row, reasonOf } from './class-report.ts';

/** Words of the first line of a table for spreadsheets. */
export const gradeColumns = [
  'student',
  'course',
  'exercise',
  'points',
  'of',
  'outcome',
  'tasks',
  'to look at',
  'notes',
  'file',
] as const;

export const taskColumns = ['student', 'course', 'exercise', 'task', 'right', 'points', 'of', 'hints'] as const;

type Cell = string | number;

/** A row for each row of the report. */
export function gradeRows({ rows }: ClassReport): Cell[][] {
  return rows.map((row) => {
    const isGraded = row.outcome === 'graded';
    return [
      ...whoseCells(row),
      isGraded ? row.points : '',
      isGraded ? row.of : '',
      row.outcome,
      isGraded ? row.tasks.map(({ id, points, of }) => `${id} ${points}/${of}`).join(' ') : '',
      isGraded ? row.look.join('; ') : (reasonOf(row) ?? ''),
      isGraded ? row.notes.join('; ') : '',
      fileOf(row),
    ];
  });
}

/** A row for each task of what is graded. */
export function taskRows({ rows }: ClassReport): Cell[][] {
  return rows.flatMap((row) => {
    if (row.outcome !== 'graded') return [];
    return row.tasks.map(({ id, right, points, of, hints }) => [
      ...whoseCells(row),
      id,
      right ? 'yes' : 'no',
      points,
      of,
      hints,
    ]);
  });
}

const whoseCells = ({ student, course, exercise }: Row): Cell[] => [student ?? '', course ?? '', exercise ?? ''];
