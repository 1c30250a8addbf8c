import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { performAll } from '../../scripts/actions/perform-all.ts';
import { InterruptedError } from '../../scripts/errors.ts';
import { placeOfJob, readResult } from '../../scripts/host/batch-results.ts';
import { exists, removeTree } from '../../scripts/host/files.ts';
import { interruptWaits } from '../../scripts/host/interrupt.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { waitFor } from '../../scripts/host/wait.ts';
import { endsWith, jobOf, logged, type Made, made } from './made.ts';

const jobs = ['one', 'two', 'three'].map((name) => jobOf(name));
const quiet = () => {};

const begun = (how: Made, count: number) =>
  waitFor(
    async () => ((await logged(how)).filter((line) => line.endsWith(' begun')).length >= count ? true : undefined),
    {
      what: `begin of ${count} jobs`,
      deadlineMs: 60_000,
    },
  );

test.serial('each job runs once, its lab is ended, and its folder holds the result alone', async (t) => {
  const how = await made();
  await endsWith(how, 'two', 1);
  const ended = await performAll(jobs, how, 2, quiet);
  t.deepEqual(
    ended.map(({ job, result }) => [job.what, result.code, result.tries, result.document]),
    [
      ['one', 0, 1, { schema: 'stand-in', of: 'one' }],
      ['two', 1, 1, { schema: 'stand-in', of: 'two' }],
      ['three', 0, 1, { schema: 'stand-in', of: 'three' }],
    ],
  );
  t.is(ended[0]?.result.tail, 'what one says');
  for (const { what, id } of jobs) {
    t.is((await logged(how)).filter((line) => line === `down ${what} ended`).length, 1);
    t.deepEqual((await readdir(join(how.results, id))).sort(), ['lock', 'result.json']);
  }
  await removeTree(how.folder);
});

test.serial('what has a verdict is not done again; what broke, or was damaged, is', async (t) => {
  const how = await made(0);
  await endsWith(how, 'one', 5, 0);
  await endsWith(how, 'two', 1);
  const codes = async () => (await performAll(jobs, how, 1, quiet)).map(({ result }) => result.code);
  t.deepEqual(await codes(), [5, 1, 0]);
  await writeFile(placeOfJob(how.results, 'run-three').result, '{"code": 0');
  t.deepEqual(await codes(), [0, 1, 0]);
  t.deepEqual(
    (await logged(how)).filter((line) => line.endsWith(' begun')),
    ['one', 'two', 'three', 'one', 'three'].map((name) => `run ${name} begun`),
  );
  await removeTree(how.folder);
});

test.serial('a lab that breaks is tried again, a verdict and a mistake are not', async (t) => {
  const how = await made(2);
  await endsWith(how, 'one', 7, 'killed', 0);
  await endsWith(how, 'two', 6, 6, 6, 0);
  await endsWith(how, 'three', 3, 0);
  const ended = await performAll(jobs, how, 1, quiet);
  t.deepEqual(
    ended.map(({ result }) => [result.code, result.tries]),
    [
      [0, 3],
      [6, 3],
      [3, 1],
    ],
  );
  await removeTree(how.folder);
});

test.serial('Ctrl-C ends the commands, then their labs, and keeps what has a verdict', async (t) => {
  const how = await made();
  await endsWith(how, 'two', 'wait', 0);
  await endsWith(how, 'three', 'wait', 0);
  const all = performAll(jobs, how, 2, quiet);
  await begun(how, 3);
  t.true(interruptWaits());
  await t.throwsAsync(all, { instanceOf: InterruptedError });
  const said = await logged(how);
  for (const name of ['two', 'three'])
    t.true(said.indexOf(`run ${name} told`) < said.indexOf(`down ${name} ended`), 'a lab is ended after its command');
  t.true(said.includes('run two told') && said.includes('run three told'));
  for (const { id } of jobs) t.false(await exists(placeOfJob(how.results, id).work));
  t.is((await readResult(placeOfJob(how.results, 'run-one')))?.code, 0);
  t.is(await readResult(placeOfJob(how.results, 'run-two')), undefined);
  t.deepEqual(
    (await performAll(jobs, how, 3, quiet)).map(({ result }) => result.code),
    [0, 0, 0],
  );
  await removeTree(how.folder);
});

test.serial(
  'of a batch that is killed the commands end as well, and the next one waits for them, then ends their labs',
  async (t) => {
    const how = await made();
    await endsWith(how, 'one', 'wait', 0);
    const script = join(projectRoot, 'test/batch/until-killed.ts');
    const killed = spawn(process.execPath, ['--import=tsx', script, how.folder, 'one', 'two'], { stdio: 'inherit' });
    await begun(how, 2);
    await waitFor(async () => (await readResult(placeOfJob(how.results, 'run-two'))) && true, {
      what: 'result of two',
      deadlineMs: 60_000,
    });
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const ended = await performAll(jobs, how, 3, quiet);
    t.deepEqual(
      ended.map(({ result }) => result.code),
      [0, 0, 0],
    );
    t.deepEqual(
      (await logged(how)).filter((line) => / one (begun|told|ended|\d+)$/.test(line)),
      ['run one begun', 'run one told', 'down one ended', 'run one begun', 'run one 0', 'down one ended'],
    );
    t.is((await logged(how)).filter((line) => line === 'run two begun').length, 1, 'it had a verdict');
    await removeTree(how.folder);
  },
);

test.serial('labs and bugs of the current folder have the same names in the folder of a job', async (t) => {
  const how = await made();
  const before = process.cwd();
  await mkdir(join(how.folder, 'labs'));
  await writeFile(join(how.folder, 'labs/mine.yaml'), '');
  process.chdir(how.folder);
  try {
    await performAll([jobOf('one')], how, 1, quiet);
    t.true((await logged(how)).includes('run one sees mine.yaml'));
    t.true(await exists(join(how.folder, 'labs/mine.yaml')), 'the folder is only linked to');
  } finally {
    process.chdir(before);
    await removeTree(how.folder);
  }
});
