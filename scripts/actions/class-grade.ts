import { resolve } from 'node:path';
import { ExitCode, LineError, UsageError } from '../errors.ts';
import type { Language } from '../exercise/languages.ts';
import { type ClassReport, classReport, divided, needsLook, refused } from '../grading/class-report.ts';
import { readRoster } from '../grading/roster.ts';
import { classText } from '../grading/text.ts';
import { readGivenFile, UnreadableError } from '../host/given-file.ts';
import { shortPath } from '../host/lab-files.ts';
import { mapParallel } from '../host/parallel.ts';
import { readSubmission, submissionFiles } from '../host/submission-files.ts';
import { print, printJson, screenLook } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { type ReportFiles, writeReports } from './class-reports.ts';
import type { Globals } from './globals.ts';
import { type GradeAllOptions, gradeAll } from './grade-all.ts';
import { type LanguageOptions, languageBy } from './language.ts';
import { requireName } from './open-exercise.ts';

export interface GradeClassOptions extends GradeAllOptions, LanguageOptions, ReportFiles {
  course?: string | undefined;
  roster?: string | undefined;
}

/** A process may have a thousand files open. */
const filesAtOnce = 16;

/** lab class grade: grades what students have handed in by running it, several at a time, and reports. */
export async function gradeClass(
  paths: readonly string[],
  options: GradeClassOptions,
  globals: Globals,
): Promise<number> {
  const language = languageBy(options);
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const course = options.course === undefined ? undefined : requireName('--course', options.course);
  const roster = options.roster === undefined ? undefined : await rosterIn(options.roster);
  const all = await mapParallel(await submissionFiles(paths), filesAtOnce, readSubmission);
  const bad = all.flatMap((one) => ('refused' in one ? [refused(one.file, one.refused)] : []));
  const { toGrade, rows } = divided(
    all.filter((one) => 'submission' in one),
    course,
  );
  try {
    const done = await gradeAll(toGrade, resolve(paths[0] ?? '.'), options, screen.emit);
    const report = classReport([...bad, ...rows, ...done], roster);
    await writeReports(report, options);
    screen.clear();
    if (globals.json) printJson(documentOf(report, language));
    else print(classText(report, screenLook()));
    return report.rows.some(needsLook) ? ExitCode.checkFailed : ExitCode.ok;
  } finally {
    screen.clear();
  }
}

async function rosterIn(path: string): Promise<string[]> {
  const file = shortPath(resolve(path));
  try {
    return readRoster(await readGivenFile(path));
  } catch (error) {
    if (error instanceof UnreadableError) throw new UsageError(`--roster: ${file}: ${error.message}`);
    if (error instanceof LineError) throw new UsageError(`--roster: ${file}:${error.line}: ${error.message}`);
    throw error;
  }
}

function documentOf({ rows }: ClassReport, language: Language) {
  return {
    schema: 'lvs-lab/class-grade/1',
    language,
    rows: rows.map((row) => {
      if (row.outcome !== 'graded') return row;
      return { ...row, tasks: row.tasks.map((task) => ({ ...task, tell: task.tell?.[language] ?? null })) };
    }),
  };
}
