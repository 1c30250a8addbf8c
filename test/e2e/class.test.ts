import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Row } from '../../scripts/grading/class-report.ts';
import { exerciseFolder } from '../../scripts/host/exercise-files.ts';
import { mapParallel } from '../../scripts/host/parallel.ts';
import { writeState } from '../../scripts/host/state-file.ts';
import { waitFor } from '../../scripts/host/wait.ts';
import { variants } from '../exercise/made.ts';
import { testsOf } from '../listed.ts';
import { LabCommand } from './lab.ts';
import { handedIn, synthetic } from './synthetic.ts';
import { Work } from './work.ts';

const test = testsOf('class');

type GradedRow = Extract<Row, { outcome: 'graded' }>;

/** What a student does: solves some tasks, and makes the first mistake of the one after them. */
interface Student {
  name: string;
  solves: number;
  errs?: boolean;
  hint?: boolean;
}

const students: Record<string, readonly Student[]> = {
  'first-service': [
    { name: 'Ada', solves: 3, hint: true },
    { name: 'Bob', solves: 1, errs: true },
    { name: 'Cem', solves: 2 },
  ],
  'silent-server': [
    { name: 'Dan', solves: 4 },
    { name: 'Eve', solves: 0 },
    { name: 'Flo', solves: 3 },
  ],
};

/** One student's work, from start to the file that is handed in. @returns the points by the student's own check */
async function handIn(t: ExecutionContext, id: string, { name, solves, errs, hint }: Student, to: string) {
  const variant = (await variants(id, await exerciseFolder(id)))(name);
  const lab = await LabCommand.inFreshFolder();
  try {
    const work = new Work(lab, variant);
    await work.begin(t, 'start');
    const { tasks } = variant.exercise;
    const [first] = tasks;
    if (hint && first) await work.hint(first);
    for (const task of tasks.slice(0, solves)) await work.solve(task);
    const next = tasks[solves];
    if (errs && next?.kind === 'done') await work.type(next.mistakes[0]?.way ?? []);
    const { points } = await work.check();
    await work.submit(to);
    return points;
  } finally {
    await lab.run('down', id);
  }
}

for (const [id, some] of Object.entries(students)) {
  test(`exercise ${id}: a class is graded as each student’s own check has graded it`, async (t) => {
    const teacher = await LabCommand.of(t, { lab: id });
    const folder = join(teacher.folder, 'handed-in');
    await mkdir(folder);
    const checked = await mapParallel(some, 2, (one) => handIn(t, id, one, join(folder, `${one.name}.json`)));
    const expected = Object.fromEntries(some.map(({ name }, at) => [name, checked[at]]));
    t.true(new Set(Object.values(expected)).size > 1, JSON.stringify(expected));

    const { code, document, stderr } = await teacher.json<{ rows: GradedRow[] }>('class', 'grade', folder);
    t.log(stderr, JSON.stringify(document.rows));
    t.is(code, 0, `${stderr}\n${JSON.stringify(document)}`);
    t.deepEqual(Object.fromEntries(document.rows.map(({ student, points }) => [student, points])), expected);
    t.deepEqual(
      document.rows.flatMap(({ look, notes }) => [...look, ...notes]),
      [],
    );

    await t.notThrowsAsync(notGradedAgain(teacher, folder, document.rows));
    await t.notThrowsAsync(aBadFileStopsNobody(teacher, folder, some[0]?.name ?? ''));
  });
}

/** `CLASS=30` makes a class of thirty. */
const size = Number(process.env.CLASS ?? synthetic.length);

test('a class of synthetic submissions with known grades is graded exactly', async (t) => {
  const teacher = await LabCommand.of(t);
  const folder = join(teacher.folder, 'handed-in');
  await mkdir(folder);
  const known: Record<string, number> = {};
  for (let at = 0; at < size; at++) {
    const work = synthetic[at % synthetic.length];
    if (!work) throw new Error('no work');
    const student = `${at} ${work.exercise}: ${work.title}`;
    const variant = (await variants(work.exercise, await exerciseFolder(work.exercise)))(student);
    await writeState(join(folder, `${at}.json`), handedIn(variant.exercise, work.nodes(variant)));
    known[student] = work.points;
  }
  const { document, stderr } = await teacher.json<{ rows: GradedRow[] }>('class', 'grade', folder);
  t.log(stderr, JSON.stringify(document.rows));
  t.deepEqual(Object.fromEntries(document.rows.map((row) => [row.student, row.points])), known);
});

for (const [signal, machines] of [
  ['SIGINT', 'stopped'],
  ['SIGKILL', 'left'],
] as const) {
  test(`${signal} while a class is graded: machines are ${machines}, and the same command goes on`, async (t) => {
    const teacher = await LabCommand.of(t);
    const folder = join(teacher.folder, 'handed-in');
    await mkdir(folder);
    const [work] = synthetic;
    if (!work) throw new Error('no work');
    const variant = (await variants(work.exercise, await exerciseFolder(work.exercise)))('Ada');
    await writeState(join(folder, 'ada.json'), handedIn(variant.exercise, work.nodes(variant)));

    const { child, ended } = teacher.begin('class', 'grade', folder);
    const some = async () => ((await running(teacher, work.exercise)) > 0 ? true : undefined);
    await waitFor(some, { what: 'a machine', deadlineMs: 120_000, everyMs: 500 });
    child.kill(signal);
    await ended;
    t.is((await running(teacher, work.exercise)) > 0, machines === 'left');

    const { document } = await teacher.json<{ rows: GradedRow[] }>('class', 'grade', folder);
    t.is(document.rows[0]?.points, work.points);
    t.is(await running(teacher, work.exercise), 0);
  });
}

/** How many machines of a lab run, wherever it was started. */
async function running(lab: LabCommand, name: string): Promise<number> {
  const { document } = await lab.json<{ ended: { lab: string; machines: number }[] }>('down', '--all', '--dry-run');
  return document.ended.reduce((sum, one) => sum + (one.lab === name ? one.machines : 0), 0);
}

/** What has been graded is kept: the same seconds stand in the report. */
async function notGradedAgain(teacher: LabCommand, folder: string, before: readonly GradedRow[]): Promise<void> {
  const { document } = await teacher.json<{ rows: GradedRow[] }>('class', 'grade', folder);
  const seconds = (rows: readonly GradedRow[]) => JSON.stringify(rows.map((row) => row.seconds));
  if (seconds(document.rows) !== seconds(before)) throw new Error(`graded again: ${seconds(document.rows)}`);
}

async function aBadFileStopsNobody(teacher: LabCommand, folder: string, name: string): Promise<void> {
  const other = join(teacher.folder, 'other');
  await mkdir(other);
  await copyFile(join(folder, `${name}.json`), join(other, 'good.json'));
  const text = await readFile(join(folder, `${name}.json`), 'utf8');
  await writeFile(join(other, 'changed.json'), text.replace('"points": ', '"points": 1'));
  const { code, document } = await teacher.json<{ rows: Row[] }>('class', 'grade', other);
  const outcomes = document.rows.map(({ outcome }) => outcome).sort();
  if (code !== 1 || outcomes.join() !== 'graded,refused') throw new Error(`exit code ${code}: ${outcomes.join()}`);
}
