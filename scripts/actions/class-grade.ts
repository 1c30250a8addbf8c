import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ExitCode, InterruptedError, LabError, LineError, UsageError } from '../errors.ts';
import type { Language } from '../exercise/languages.ts';
import {
  type ClassReport,
  classReport,
  divided,
  failed,
  graded,
  needsLook,
  type Read,
  type Row,
  refused,
} from '../grading/class-report.ts';
import { readRoster } from '../grading/roster.ts';
import { classText } from '../grading/text.ts';
import { removeTree } from '../host/files.ts';
import { readGivenFile, UnreadableError } from '../host/given-file.ts';
import { keepGrade, keptGradeFile, readGrade } from '../host/kept-grades.ts';
import { shortPath } from '../host/lab-files.ts';
import { takeLock, tryLock } from '../host/lock.ts';
import { mapParallel } from '../host/parallel.ts';
import { cacheFolder, placeOf } from '../host/paths.ts';
import { readSubmission, resultsFolder, submissionFiles } from '../host/submission-files.ts';
import type { ProviderName } from '../providers/index.ts';
import { errorText } from '../report/error-text.ts';
import { type Emit, secondsSince } from '../report/events.ts';
import { print, printJson, screenLook } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { type ReportFiles, writeReports } from './class-reports.ts';
import { endLab } from './down.ts';
import type { Globals } from './globals.ts';
import { gradeSubmission } from './grade-submission.ts';
import { labsAtOnce } from './labs-at-once.ts';
import { type LanguageOptions, languageBy, type OpenedExercise, openExercise, requireName } from './open-exercise.ts';

export interface GradeClassOptions extends LanguageOptions, ReportFiles {
  course?: string | undefined;
  roster?: string | undefined;
  jobs?: number | undefined;
  provider?: ProviderName | undefined;
  setup: boolean;
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
    const folder = await resultsFolder(paths);
    const done = await gradeAll(toGrade, { ...options, folder, over: new AbortController() }, screen.emit);
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

/** The command, for others that wait. */
const what = 'lab class grade';

interface Work extends GradeClassOptions {
  /** Where results are kept. */
  folder: string;
  /** Aborted by the first submission that is interrupted. */
  over: AbortController;
}

/** Folders of labs that run while a class is graded, by the id of what is graded. */
const gradingFolder = () => join(cacheFolder(), 'grading');
const gradingLock = (id: string) => join(cacheFolder(), 'locks', `grading-${id}`);

/** A submission with its exercise, as its student has it. */
interface Ready {
  read: Read;
  opened: OpenedExercise;
  /** The folder of its lab. */
  labs: string;
}

async function gradeAll(toGrade: readonly Read[], work: Work, emit: Emit): Promise<Row[]> {
  const id = createHash('sha256').update(work.folder).digest('hex').slice(0, 10);
  const labs = join(gradingFolder(), id);
  const ready: Ready[] = [];
  const rows: Row[] = [];
  for (const read of toGrade) {
    const { exercise, ...who } = read.submission;
    try {
      ready.push({ read, opened: await openExercise(exercise, who), labs: join(labs, String(ready.length)) });
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      rows.push(refused(read, inOneLine(error), read.submission));
    }
  }
  const onMachines = ready.filter(({ opened }) => opened.exercise.tasks.some(({ kind }) => kind === 'done'));
  const width = work.jobs ?? (await labsAtOnce(onMachines.map(({ opened }) => opened.plan)));
  const lock = await takeLock(gradingLock(id), {
    what,
    onWait: (holder) => emit({ type: 'note', text: `waiting for another command that grades them: ${holder}` }),
  });
  try {
    await endLeftLabs(id, emit);
    let count = rows.length;
    return [
      ...rows,
      ...(await mapParallel(ready, width, async (one) => {
        emit({ type: 'progress', stage: 'try', text: `${count} of ${toGrade.length} graded` });
        const row = await gradeOne(one, work, emit);
        count++;
        emit({ type: 'note', text: doneText(row, `${count}/${toGrade.length}`) });
        return row;
      })),
    ];
  } finally {
    lock.release();
  }
}

/** Commands that were killed may have left labs, also of other submissions. Those of a command that still runs are its own. */
async function endLeftLabs(own: string, emit: Emit): Promise<void> {
  for (const id of await readdir(gradingFolder()).catch(() => [])) {
    const lock = id === own ? undefined : await tryLock(gradingLock(id), what);
    if (id !== own && !lock) continue;
    try {
      const labs = join(gradingFolder(), id);
      for (const one of await readdir(labs)) {
        const folder = join(labs, one);
        for (const lab of await readdir(join(folder, '.lab')).catch(() => [])) await endLab(placeOf(lab, folder), emit);
      }
      await removeTree(labs);
    } finally {
      lock?.release();
    }
  }
}

/** A grade that is kept, or else the submission is run. What goes wrong with one of them stops none of the others. */
async function gradeOne({ read, opened, labs }: Ready, work: Work, emit: Emit): Promise<Row> {
  const { exercise: variant, plan, right } = opened;
  const kept = keptGradeFile(work.folder, read.hash, { variant, plan, right });
  const known = await readGrade(kept);
  if (known) return graded(read, known, known.seconds);
  const { student, exercise } = read.submission;
  const start = performance.now();
  const warnings: Emit = (event) => {
    if (event.type === 'warning') emit({ type: 'warning', text: `${student}, ${exercise}: ${event.text}` });
  };
  try {
    const { provider, setup, over } = work;
    const options = { provider, setup, folder: labs, what, over: over.signal };
    const grade = await gradeSubmission(opened, read.submission, options, warnings);
    const seconds = secondsSince(start);
    await keepGrade(kept, { ...grade, seconds });
    return graded(read, grade, seconds);
  } catch (error) {
    if (error instanceof InterruptedError) {
      work.over.abort(error);
      throw error;
    }
    return failed(read, error instanceof LabError ? inOneLine(error) : `a bug in lvs-lab: ${String(error)}`);
  }
}

/** All that is known of an error, for a cell of a table. */
function inOneLine(error: LabError): string {
  return errorText(error, { width: Number.POSITIVE_INFINITY })
    .split('\n')
    .map((line) => line.trim())
    .join('; ');
}

function doneText(row: Row, count: string): string {
  const points = row.outcome === 'graded' ? `${row.points} of ${row.of}, ${row.seconds.toFixed(1)} s` : row.outcome;
  return `${count}  ${row.student}  ${row.exercise}  ${points}`;
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
