import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InterruptedError, LabError } from '../errors.ts';
import { failed, graded, type Read, type Row, refused } from '../grading/class-report.ts';
import { removeTree } from '../host/files.ts';
import { keepGrade, keptGradeFile, readGrade } from '../host/kept-grades.ts';
import { takeLock, tryLock } from '../host/lock.ts';
import { mapParallel } from '../host/parallel.ts';
import { cacheFolder, placeOf } from '../host/paths.ts';
import { meaningOf } from '../host/system-error.ts';
import type { ProviderName } from '../providers/index.ts';
import { errorText } from '../report/error-text.ts';
import { type Emit, secondsSince } from '../report/events.ts';
import { endLab } from './down.ts';
import { gradeSubmission } from './grade-submission.ts';
import { labsAtOnce } from './labs-at-once.ts';
import { type OpenedExercise, openExercise } from './open-exercise.ts';

export interface GradeAllOptions {
  jobs?: number | undefined;
  provider?: ProviderName | undefined;
  setup: boolean;
}

/** The command, for others that wait. */
const what = 'lab class grade';

interface Work extends GradeAllOptions {
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

/**
 * Grades submissions, several side by side. What goes wrong with one of them stops none of the others.
 * @param place the absolute path of what is graded
 */
export async function gradeAll(
  toGrade: readonly Read[],
  place: string,
  options: GradeAllOptions,
  emit: Emit,
): Promise<Row[]> {
  const id = createHash('sha256').update(place).digest('hex').slice(0, 10);
  const { ready, rows } = await opened(toGrade, join(gradingFolder(), id));
  const onMachines = ready.filter(({ opened: { exercise } }) => exercise.tasks.some(({ kind }) => kind === 'done'));
  const width = options.jobs ?? (await labsAtOnce(onMachines.map((one) => one.opened.plan)));
  const lock = await takeLock(gradingLock(id), {
    what,
    onWait: (holder) => emit({ type: 'note', text: `waiting for another command that grades them: ${holder}` }),
  });
  try {
    await endLeftLabs(id, emit);
    const work: Work = { ...options, over: new AbortController() };
    let count = rows.length;
    const done = await mapParallel(ready, width, async (one) => {
      emit({ type: 'progress', stage: 'try', text: `${count} of ${toGrade.length} graded` });
      const row = await gradeOne(one, work, emit);
      count++;
      emit({ type: 'note', text: doneText(row, `${count}/${toGrade.length}`) });
      return row;
    });
    return [...rows, ...done];
  } finally {
    lock.release();
  }
}

/** Draws the variant of each. Submissions do not count if their exercise does not exist or is wrong. */
async function opened(toGrade: readonly Read[], labs: string): Promise<{ ready: Ready[]; rows: Row[] }> {
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
  return { ready, rows };
}

/** Commands that were killed may have left labs, also of other submissions. Those of a command that still runs are its own. */
async function endLeftLabs(own: string, emit: Emit): Promise<void> {
  for (const id of await readdir(gradingFolder()).catch(() => [])) {
    const lock = id === own ? undefined : await tryLock(gradingLock(id), what);
    if (id !== own && !lock) continue;
    try {
      const labs = join(gradingFolder(), id);
      for (const one of await readdir(labs).catch(() => [])) {
        const folder = join(labs, one);
        for (const lab of await readdir(join(folder, '.lab')).catch(() => [])) await endLab(placeOf(lab, folder), emit);
      }
      await removeTree(labs);
    } finally {
      lock?.release();
    }
  }
}

/** A grade that is kept, or else the submission is run. */
async function gradeOne({ read, opened, labs }: Ready, work: Work, emit: Emit): Promise<Row> {
  const { exercise: variant, plan, right } = opened;
  const kept = keptGradeFile(read.hash, { variant, plan, right });
  const before = await readGrade(kept);
  if (before) return graded(read, before, before.seconds);
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
    const why = await keepGrade(kept, { ...grade, seconds });
    if (why !== undefined) warnings({ type: 'warning', text: `the grade is not kept: ${why}` });
    return graded(read, grade, seconds);
  } catch (error) {
    if (error instanceof InterruptedError) {
      work.over.abort(error);
      throw error;
    }
    const known = meaningOf(error);
    return failed(read, known ? inOneLine(known) : `a bug in lvs-lab: ${String(error)}`);
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
