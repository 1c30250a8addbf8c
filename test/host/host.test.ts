import { mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { closest } from '../../scripts/closest.ts';
import { ConnectionError, MissingPartError, ProviderError } from '../../scripts/errors.ts';
import { run } from '../../scripts/host/exec.ts';
import { writeWhole } from '../../scripts/host/files.ts';
import { mapParallel } from '../../scripts/host/parallel.ts';
import { waitFor, within } from '../../scripts/host/wait.ts';

test('a program’s end tells what went wrong, by kind', async (t) => {
  t.is((await run('sh', ['-c', 'echo out; echo err >&2'])).stdout, 'out');
  const failed = await t.throwsAsync(run('sh', ['-c', 'echo why >&2; exit 3']), { instanceOf: ProviderError });
  t.is((failed as ProviderError).facts.tail, 'why');
  t.is((await run('sh', ['-c', 'exit 3'], { anyExitCode: true })).code, 3);
  await t.throwsAsync(run('no-such-program', []), { instanceOf: MissingPartError });
  await t.throwsAsync(run('sleep', ['60'], { timeoutMs: 100 }), { instanceOf: ConnectionError });
});

test('lines of a program come as they are printed', async (t) => {
  const lines: string[] = [];
  await run('sh', ['-c', 'echo a; echo b >&2; echo c'], { onLine: (line) => lines.push(line) });
  t.deepEqual(lines.sort(), ['a', 'b', 'c']);
});

test('a file is written whole and private, without leaving drafts', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'lab-files-'));
  const file = join(folder, 'deep', 'state.json');
  process.umask(0);
  await Promise.all(Array.from({ length: 20 }, (_, n) => writeWhole(file, `${n}`.padEnd(10_000, 'x'))));
  t.is((await readFile(file, 'utf8')).length, 10_000);
  t.deepEqual(await readdir(join(folder, 'deep')), ['state.json']);
  t.is((await stat(file)).mode & 0o777, 0o600);
});

test('waiting ends with what was seen, or at its deadline', async (t) => {
  let looks = 0;
  t.is(await waitFor(() => (++looks > 2 ? 'there' : undefined), { what: 'it', deadlineMs: 1000, everyMs: 1 }), 'there');
  await t.throwsAsync(
    waitFor(() => undefined, { what: 'it', deadlineMs: 20, everyMs: 5 }),
    { instanceOf: ConnectionError },
  );
  await t.throwsAsync(within(new Promise(() => {}), { deadlineMs: 20 }, 'an answer'), { instanceOf: ConnectionError });
});

test('parallel work keeps its order and its width, and stops at the first failure', async (t) => {
  let running = 0;
  let most = 0;
  const results = await mapParallel([3, 1, 2, 5, 4], 2, async (n) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, n));
    running--;
    return n * 10;
  });
  t.deepEqual(results, [30, 10, 20, 50, 40]);
  t.is(most, 2);
  const begun: number[] = [];
  const failing = mapParallel([1, 2, 3, 4], 1, async (n) => {
    begun.push(n);
    if (n === 2) throw new Error('two');
  });
  await t.throwsAsync(failing, { message: 'two' });
  t.deepEqual(begun, [1, 2]);
});

test('of several failures the first in time is thrown, when all work has ended', async (t) => {
  let ended = 0;
  const failing = mapParallel([30, 20, 5, 10], 4, async (ms) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    ended++;
    throw new Error(`after ${ms}`);
  });
  await t.throwsAsync(failing, { message: 'after 5' });
  t.is(ended, 4);
});

test('a mistyped word finds the nearest known word, an unknown word finds none', (t) => {
  t.is(closest('dt', ['dr', 'nat', 'tun']), 'dr');
  t.is(closest('schedular', ['scheduler', 'service']), 'scheduler');
  t.is(closest('nta', ['dr', 'nat', 'tun']), 'nat');
  t.is(closest('kubernetes', ['dr', 'nat', 'tun']), undefined);
  t.is(closest('c', ['x', 'dr']), undefined);
});
