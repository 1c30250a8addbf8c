import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { effortOf } from '../../scripts/host/effort.ts';
import { Patience, patient, type Wait, withProgress } from '../../scripts/host/patience.ts';

function start(t: ExecutionContext, text: string): { child: ChildProcess; wait: Wait } {
  const child = spawn('sh', ['-c', text], { stdio: 'ignore' });
  t.teardown(() => child.kill('SIGKILL'));
  return { child, wait: { deadlineMs: 300, effort: effortOf(child.pid ?? 0) } };
}

async function waitUntilLost(wait: Wait): Promise<{ lost: string; ms: number }> {
  const patience = new Patience(wait);
  const begun = performance.now();
  for (;;) {
    const lost = await patience.lost();
    if (lost) return { lost, ms: performance.now() - begun };
    await pause(10);
  }
}

const circle = 'while :; do :; done';

test('an idle machine is given up at the deadline', async (t) => {
  const { lost } = await waitUntilLost(start(t, 'exec sleep 60').wait);
  const [, idle] = /of which ([\d.]+) s were idle$/.exec(lost) ?? [];
  t.true(Number(idle) >= 0.3, lost);
});

test('a machine at work is waited for, however small its share of a core; frozen, it is given up', async (t) => {
  const { child, wait } = start(t, circle);
  for (let neighbours = 2 * availableParallelism(); neighbours > 0; neighbours--) start(t, circle);
  const patience = new Patience(wait);
  for (const end = performance.now() + 4 * wait.deadlineMs; performance.now() < end; ) {
    t.is(await patience.lost(), undefined);
    await pause(20);
  }
  child.kill('SIGSTOP');
  t.regex((await waitUntilLost(wait)).lost, /idle/);
});

test('a machine that loops for ever is given up in the end', async (t) => {
  const { wait } = start(t, circle);
  // Long enough that the test's own pauses on a busy computer do not count as idleness of the machine.
  const { lost, ms } = await waitUntilLost({ ...wait, deadlineMs: 200 });
  t.regex(lost, /never idle for long/);
  t.true(ms >= 1990);
});

test('where the effort cannot be seen the clock counts, longer on a busy computer', async (t) => {
  t.regex((await waitUntilLost({ deadlineMs: 30 })).lost, /^within [\d.]+ s$/);
  const { child, wait } = start(t, 'exit');
  while (child.exitCode === null) await pause(5);
  t.regex((await waitUntilLost({ ...wait, deadlineMs: 30 })).lost, /^within [\d.]+ s$/, 'one that has ended');
  t.true(patient(1000) >= 1000);
});

test('a machine that waits while a slow disk takes its bytes is not given up; when no more come, it is', async (t) => {
  let bytes = 0;
  const writer = setInterval(() => bytes++, 5);
  const { wait } = start(t, 'exec sleep 60');
  const slow = { ...wait, effort: withProgress(wait.effort, () => bytes) };
  const patience = new Patience(slow);
  for (const end = performance.now() + 4 * wait.deadlineMs; performance.now() < end; ) {
    t.is(await patience.lost(), undefined);
    await pause(20);
  }
  clearInterval(writer);
  t.regex((await waitUntilLost(slow)).lost, /idle/);
});
