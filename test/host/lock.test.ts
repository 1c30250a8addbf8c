import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { ConnectionError, InterruptedError } from '../../scripts/errors.ts';
import { startDetached } from '../../scripts/host/exec.ts';
import { takeLock } from '../../scripts/host/lock.ts';
import { findProcesses } from '../../scripts/host/processes.ts';
import { waitFor } from '../../scripts/host/wait.ts';

const fresh = async () => join(await mkdtemp(join(tmpdir(), 'lab-lock-')), 'lock');

test('the second waits for the first, and learns who holds the lock', async (t) => {
  const file = await fresh();
  const first = await takeLock(file, { what: 'building' });
  let holder = '';
  const second = takeLock(file, {
    what: 'waiting',
    onWait: (text) => {
      holder = text;
    },
  });
  await waitFor(() => holder || undefined, { what: 'onWait', deadlineMs: 60_000 });
  t.regex(holder, /^building \(process \d+\)$/);
  first.release();
  (await second).release();
  t.pass();
});

test('who waits for a lock can give up, and others get it then', async (t) => {
  const file = await fresh();
  const first = await takeLock(file, { what: 'building' });
  const over = new AbortController();
  const waiting = takeLock(file, {
    what: 'waiting',
    signal: over.signal,
    onWait: () => setTimeout(() => over.abort(), 50),
  });
  await t.throwsAsync(waiting, { instanceOf: InterruptedError });
  first.release();
  (await takeLock(file, { what: 'another', waitSeconds: 60 })).release();
});

test('a lock that is never given back ends in a time-out', async (t) => {
  const file = await fresh();
  const first = await takeLock(file, { what: 'building' });
  const error = await t.throwsAsync(takeLock(file, { what: 'waiting', waitSeconds: 1 }), {
    instanceOf: ConnectionError,
  });
  t.regex(error?.message ?? '', /building/);
  first.release();
});

test('a holder that is killed gives its lock back', async (t) => {
  const file = await fresh();
  const marker = `${file}.holder`;
  // Both processes that hold it have its path among their arguments; the sleep in between ends by itself.
  const script = `: > '${marker}'; while :; do sleep 0.2; done`;
  startDetached('flock', [file, 'sh', '-c', script], { log: `${file}.log` });
  await waitFor(() => existsSync(marker) || undefined, { what: 'holder', deadlineMs: 60_000 });
  const waiting = takeLock(file, { what: 'me', waitSeconds: 10 });
  for (const { pid } of await findProcesses(file, ['flock', 'sh'])) process.kill(pid, 'SIGKILL');
  (await waiting).release();
  t.pass();
});
