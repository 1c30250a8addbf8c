import { copyFile, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { worthOf } from '../../scripts/exercise/points.ts';
import { submissionName, submissionOf } from '../../scripts/exercise/submission.ts';
import type { Row } from '../../scripts/grading/class-report.ts';
import { run } from '../../scripts/host/exec.ts';
import { exerciseFolder } from '../../scripts/host/exercise-files.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { parseState, writeState } from '../../scripts/host/state-file.ts';
import { variants } from '../exercise/made.ts';

const folder = await mkdtemp(join(tmpdir(), 'lab-class-'));
test.after.always(() => removeTree(folder));

async function grade(...words: string[]): Promise<{ code: number; rows: Row[]; stderr: string }> {
  const args = [join(projectRoot, 'bin/lab.js'), 'class', 'grade', ...words, '--json'];
  const env = { XDG_CACHE_HOME: join(folder, 'cache'), XDG_RUNTIME_DIR: '' };
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd: folder, env, anyExitCode: true });
  const { rows } = JSON.parse(stdout) as { rows: Row[] };
  return { code, rows, stderr };
}

/** Where grades are kept: in the cache of whoever grades. */
const grades = join(folder, 'cache', 'lvs-lab', 'grades');

const points = (rows: readonly Row[]) =>
  Object.fromEntries(rows.map((row) => [row.student, row.outcome === 'graded' ? row.points : row.outcome]));

test.serial(
  'a class of thirty with known grades is graded exactly, and what is kept is not graded again',
  async (t) => {
    const [id, course] = ['next-server', 'lvs-2027'];
    const variant = await variants(id, await exerciseFolder(id));
    const handedIn = join(folder, 'handed-in');
    await mkdir(handedIn);
    const known: Record<string, number> = {};
    for (let at = 0; at < 30; at++) {
      const student = `Student ${at}`;
      const { exercise, right } = variant(student, course);
      // Each has other tasks right, and every third has taken a hint of the first one.
      const answers = Object.fromEntries(
        exercise.tasks.map(({ id: task }, place) => [
          task,
          (at >> place) & 1 ? (right[task] ?? []).map(String) : ['no'],
        ]),
      );
      const hints = at % 3 === 0 ? { [exercise.tasks[0]?.id ?? '']: 1 } : {};
      // What the file says is right is not believed.
      const progress = { answers, hints, right: [] };
      known[student] = exercise.tasks.reduce((sum, task, place) => {
        return sum + ((at >> place) & 1 ? worthOf(task, progress) : 0);
      }, 0);
      await writeState(join(handedIn, submissionName(exercise)), submissionOf(exercise, progress, []));
    }
    t.true(new Set(Object.values(known)).size > 5, JSON.stringify(known));

    const first = await grade('handed-in', '--course', course, '--csv', 'grades.csv', '--xlsx', 'grades.xlsx');
    t.is(first.code, 0, first.stderr);
    t.deepEqual(points(first.rows), known);
    t.is((await readFile(join(folder, 'grades.csv'), 'utf8')).split('\r\n').length, 32);
    t.is((await readFile(join(folder, 'grades.xlsx'))).subarray(0, 2).toString(), 'PK');

    // A grade that is kept counts; one that somebody has changed does not.
    const kept = (await readdir(grades)).map((name) => join(grades, name));
    t.is(kept.length, 30);
    const [sealed = '', edited = ''] = kept;
    const text = await readFile(sealed, 'utf8');
    await writeState(sealed, { ...parseState<object>(text), points: 77 });
    await writeFile(edited, (await readFile(edited, 'utf8')).replace(/"points": \d+/, '"points": 88'));
    const second = await grade('handed-in', '--course', course);
    const all = Object.values(points(second.rows));
    t.is(all.filter((one) => one === 77).length, 1);
    t.false(all.includes(88));
  },
);

test.serial('files that do not count stop nobody, and the exit code says that somebody must look', async (t) => {
  const { exercise } = (await variants('next-server', await exerciseFolder('next-server')))('Ada');
  const mixed = join(folder, 'mixed');
  await mkdir(mixed);
  const good = submissionOf(exercise, { answers: {}, hints: {}, right: [] }, []);
  await writeState(join(mixed, 'ada.json'), good);
  await writeState(join(mixed, 'bob.json'), { ...good, student: 'Bob', exercise: 'no-such-one' });
  await writeFile(join(mixed, 'eve.json'), '{"schema": "lvs-lab/submission/1"}');
  await writeFile(join(folder, 'roster.txt'), 'Ada\nCem\n');
  // A grade that somebody hands in does not count.
  await mkdir(join(mixed, '.graded'));
  for (const name of await readdir(grades)) await copyFile(join(grades, name), join(mixed, '.graded', name));
  const { code, rows } = await grade('mixed', '--roster', 'roster.txt', '--result', 'results', '--junit', 'junit.xml');
  t.is(code, 1);
  t.deepEqual(points(rows), { Ada: 0, Bob: 'refused', Cem: 'missing', null: 'refused' });
  const bob = rows.find(({ student }) => student === 'Bob');
  t.regex(bob?.outcome === 'refused' ? bob.reason : '', /there is no exercise no-such-one/);
  const result = JSON.parse(
    await readFile(join(folder, 'results', 'next-server-ada', 'result.json'), 'utf8'),
  ) as object;
  t.like(result, { schema: 'classroom50/result/v1', assignment: 'next-server', owner: 'Ada', score: 0 });
  t.regex(
    await readFile(join(folder, 'junit.xml'), 'utf8'),
    /<testsuites name="lvs-lab" tests="\d+" failures="\d+" errors="2"/,
  );
});
