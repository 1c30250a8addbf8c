import type { Submission } from '../exercise/submission.ts';
import { printable } from '../printable.ts';
import type { Grade } from './grade.ts';

/** Whose submission of what it is, as far as that is known. */
export interface Whose {
  student: string | null;
  course: string | null;
  exercise: string | null;
}

/** A file that was handed in. */
export interface HandedIn {
  /** Its name for people. Two files may have the same one: it says nothing of what cannot be printed. */
  file: string;
  /** SHA-256 of its bytes, in hex. */
  hash: string;
  /** ISO 8601, to the second: when it was last written. */
  written: string;
}

/** One line of the report. */
export type Row = Whose &
  (
    | ({ outcome: 'graded'; seconds: number } & HandedIn & Grade)
    /** The file does not count. */
    | ({ outcome: 'refused'; reason: string } & HandedIn)
    /** The kit could not grade it. */
    | ({ outcome: 'failed'; reason: string } & HandedIn)
    /** Somebody of the roster handed in nothing. */
    | { outcome: 'missing' }
  );

/** What a class has handed in, and what it is worth. All reports are made of it. */
export interface ClassReport {
  rows: Row[];
}

/** A file that is a submission. */
export interface Read extends HandedIn {
  submission: Submission;
}

const whose = ({ student, course, exercise }: Submission): Whose => ({ student, course, exercise });

/** The file without what is in it. */
export const handedIn = ({ file, hash, written }: HandedIn): HandedIn => ({ file, hash, written });

export function refused(file: HandedIn, reason: string, submission?: Submission): Row {
  const nobody = { student: null, course: null, exercise: null };
  return { ...(submission ? whose(submission) : nobody), ...handedIn(file), outcome: 'refused', reason };
}

/** @param reason may have what a machine has printed */
export function failed(read: Read, reason: string): Row {
  return { ...whose(read.submission), ...handedIn(read), outcome: 'failed', reason: printable(reason) };
}

export function graded(read: Read, grade: Grade, seconds: number): Row {
  return { ...whose(read.submission), ...handedIn(read), outcome: 'graded', seconds, ...grade };
}

/**
 * Splits what is to be graded from what does not count: another course's, and all of those of one student for one exercise, because
 * only a person can say which one counts.
 * @param course the only one whose submissions count; undefined for any
 */
export function divided(all: readonly Read[], course: string | undefined): { toGrade: Read[]; rows: Row[] } {
  const toGrade: Read[] = [];
  const rows: Row[] = [];
  for (const read of all) {
    const reason = wrongCourse(read.submission, course) ?? twice(read, all);
    if (reason === undefined) toGrade.push(read);
    else rows.push(refused(read, reason, read.submission));
  }
  return { toGrade, rows };
}

function wrongCourse({ course: own }: Submission, course: string | undefined): string | undefined {
  if (course === undefined || own === course) return undefined;
  return own === '' ? 'it is of no course' : `it is of another course, ${own}`;
}

function twice(read: Read, all: readonly Read[]): string | undefined {
  const { student, course, exercise } = read.submission;
  const others = all.filter(
    (one) =>
      one !== read &&
      one.submission.student === student &&
      one.submission.course === course &&
      one.submission.exercise === exercise,
  );
  if (others.length === 0) return undefined;
  return `${student} has handed in more than one file for this exercise: also ${others.map((one) => one.file).join(', ')}`;
}

/**
 * The report: students in alphabetical order, and each one's exercises; files of nobody come last.
 * @param roster names of the class; undefined where nobody has said who is in it
 */
export function classReport(rows: readonly Row[], roster: readonly string[] | undefined): ClassReport {
  // What a file that does not count says of its exercise need not be one.
  const counting = rows.filter(({ outcome }) => outcome !== 'refused');
  const exercises = [...new Set(counting.flatMap(({ exercise }) => exercise ?? []))];
  const missing = (roster ?? []).flatMap((student) =>
    (exercises.length > 0 ? exercises : [null])
      .filter((exercise) => !rows.some((row) => row.student === student && (exercise ?? row.exercise) === row.exercise))
      .map((exercise): Row => ({ student, course: null, exercise, outcome: 'missing' })),
  );
  const all = [...rows.map((row) => withRoster(row, roster)), ...missing];
  return {
    rows: all.sort(
      (one, other) =>
        Number(one.student === null) - Number(other.student === null) ||
        byName.compare(one.student ?? '', other.student ?? '') ||
        byName.compare(one.exercise ?? '', other.exercise ?? '') ||
        byName.compare(fileOf(one), fileOf(other)),
    ),
  };
}

/** In every language in the same order; Student 9 comes before Student 10. */
const byName = new Intl.Collator('en', { numeric: true });

function withRoster(row: Row, roster: readonly string[] | undefined): Row {
  if (row.outcome !== 'graded' || roster === undefined || roster.includes(row.student ?? '')) return row;
  return { ...row, look: [...row.look, `the roster has no ${row.student}`] };
}

/** Whether a teacher must look at something. */
export function needsLook(row: Row): boolean {
  return row.outcome === 'refused' || row.outcome === 'failed' || (row.outcome === 'graded' && row.look.length > 0);
}

export function fileOf(row: Row): string {
  return 'file' in row ? row.file : '';
}

/** Why there are no points, in a clause; undefined for what is graded. */
export function reasonOf(row: Row): string | undefined {
  if (row.outcome === 'graded') return undefined;
  return row.outcome === 'missing' ? 'nothing handed in' : row.reason;
}
