import { join } from 'node:path';
import { submissionName } from '../exercise/submission.ts';
import type { ClassReport, Row } from '../grading/class-report.ts';
import { classroomResult, type Runner } from '../grading/classroom50.ts';
import { junitReport } from '../grading/junit.ts';
import { separated } from '../grading/separated-values.ts';
import { gradeColumns, gradeRows, taskColumns, taskRows } from '../grading/table.ts';
import { writeGiven } from '../host/written-file.ts';

/** Files and folders that a person wants. */
export interface ReportFiles {
  csv?: string | undefined;
  junit?: string | undefined;
  xlsx?: string | undefined;
  /** A folder: in it one for each submission, with its result.json. */
  result?: string | undefined;
}

/** @throws UsageError where no file can be */
export async function writeReports(report: ClassReport, { csv, junit, xlsx, result }: ReportFiles): Promise<void> {
  if (csv !== undefined) await writeGiven(csv, separated([gradeColumns, ...gradeRows(report)]), '--csv');
  if (junit !== undefined) await writeGiven(junit, junitReport(report), '--junit');
  if (xlsx !== undefined) await writeGiven(xlsx, await workbook(report), '--xlsx');
  if (result !== undefined) await writeResults(report, result);
}

type Cell = string | number;

/** A workbook with a sheet of submissions and one of tasks. Cells are texts or numbers, so no text is taken for a formula. */
export async function workbook(report: ClassReport): Promise<Buffer> {
  const { default: writeExcelFile } = await import('write-excel-file/node');
  const sheet = (name: string, head: readonly string[], rows: readonly Cell[][]) => ({
    sheet: name,
    data: [
      head.map((value) => ({ value, fontWeight: 'bold' as const })),
      ...rows.map((row) => row.map((value) => (value === '' ? null : { value }))),
    ],
    columns: head.map((title, at) => ({ width: widthOf([title, ...rows.map((row) => row[at] ?? '')]) })),
    stickyRowsCount: 1,
  });
  return writeExcelFile([
    sheet('Grades', gradeColumns, gradeRows(report)),
    sheet('Tasks', taskColumns, taskRows(report)),
  ]).toBuffer();
}

function widthOf(cells: readonly Cell[]): number {
  return Math.min(60, Math.max(...cells.map((cell) => String(cell).length)) + 2);
}

async function writeResults({ rows }: ClassReport, folder: string): Promise<void> {
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const {
    CLASSROOM: classroom,
    ASSIGNMENT: assignment,
    OWNER: owner,
    SUBMISSION_TAG: submission,
    COMMIT_URL: commit,
    RELEASE_URL: release,
    REVIEW_URL: review,
  } = process.env;
  const all = rows.filter((row) => row.outcome === 'graded');
  // Classroom 50 runs a command for each submission, and says of that one what these variables are.
  const runner: Runner = all.length === 1 ? { classroom, assignment, owner, submission, commit, release, review } : {};
  const taken = new Set<string>();
  for (const row of all) {
    const path = join(folder, folderName(row, taken), 'result.json');
    await writeGiven(path, `${JSON.stringify(classroomResult(row, runner, now), null, 2)}\n`, '--result');
  }
}

/** `first-service-ada`; another student whose name has the same letters has a number behind it. */
function folderName({ exercise, course, student }: Row, taken: Set<string>): string {
  const who = { course: course ?? '', student: student ?? '' };
  const stem = submissionName({ id: exercise ?? '', who }).replace(/\.json$/, '');
  let name = stem;
  for (let count = 2; taken.has(name); count++) name = `${stem}-${count}`;
  taken.add(name);
  return name;
}
