import { once } from 'node:events';
import { availableParallelism, userInfo } from 'node:os';
import { createInterface } from 'node:readline';
import { $, cd, type ProcessPromise } from 'zx';
import { projectRoot, runtimeFolder } from '../scripts/host/paths.ts';
import { findProcesses } from '../scripts/host/processes.ts';
import { secondsSince } from '../scripts/report/events.ts';
import { print } from '../scripts/report/output.ts';
import { ensureTools } from './tools.ts';

// npm test: everything, the real machines included. Closes with `N passed, N failed` alone on a line.
cd(projectRoot);
$.verbose = false;
let passed = 0;
let failed = 0;
/** What failed, whole: said again after its suite and at the end, which may be all that a log keeps. */
const failures: string[] = [];
const start = performance.now();

await ensureTools({ shellcheck: 'shellcheck' });
await step('type check', $`npx tsc --noEmit`);
await step('lint', $`npx biome check .`);
await step('shellcheck', $`npx tsx test/shellcheck.ts`);
await suite('unit', $`npx ava --tap`);
await suite('end to end, on real machines', $`npx ava --tap --config ava.e2e.config.js`);
if (userInfo().uid === 0) await suite('Vagrant, on real machines', $`npx tsx test/vagrant/run.ts --tap`);
else print('\nnot run: npm run test:vagrant, which must be root');

const left = await findProcesses(`${runtimeFolder()}/`);
print(`${left.length === 0 ? '✔' : '✘'} no process of a lab is left`);
if (left.length === 0) passed++;
else fail(`a process of a lab is left:\n${left.map(({ pid, argv }) => `${pid} ${argv.join(' ')}`).join('\n')}`);

sayWhatFailed();
print(`\n${availableParallelism()} cores, ${Math.round(secondsSince(start))} s`);
print(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

async function step(name: string, work: ProcessPromise): Promise<void> {
  const begun = performance.now();
  const { exitCode, stdout, stderr } = await work.nothrow().quiet();
  print(`${exitCode === 0 ? '✔' : '✘'} ${name}${tookSince(begun)}`);
  if (exitCode === 0) passed++;
  else {
    print(`${stdout}${stderr}`);
    fail(`${name}\n${stdout}${stderr}`);
  }
}

function sayWhatFailed(): void {
  if (failures.length > 0) print(`\nWhat failed\n\n${failures.join('\n\n')}`);
}

function fail(what: string): void {
  failed++;
  failures.push(what);
}

/** Seconds, told where they are many. */
function tookSince(begun: number): string {
  const seconds = Math.round(secondsSince(begun));
  return seconds < 5 ? '' : ` (${seconds} s)`;
}

/**
 * Runs ava and reads its TAP as it comes: a line a test, with the seconds since the line before where they are many, which is what a test
 * took that runs alone; what a failed one says is shown as it stands.
 */
async function suite(name: string, command: ProcessPromise): Promise<void> {
  print(`\n${name}`);
  const before = passed + failed;
  const failedBefore = failed;
  const ava = command.nothrow().quiet();
  let shown = false;
  const begun = performance.now();
  let last = begun;
  const lines = createInterface({ input: ava.stdout });
  lines.on('line', (line) => {
    const result = /^(not )?ok \d+ - (.*)/.exec(line);
    if (result) {
      shown = result[1] !== undefined;
      const took = tookSince(last);
      last = performance.now();
      if (/# SKIP|# TODO/.test(line)) return print(`– ${result[2]}`);
      if (shown) fail(`${name}: ${result[2]}`);
      else passed++;
      print(`${shown ? '✘' : '✔'} ${result[2]}${took}`);
    } else if (shown || line.startsWith('#')) {
      print(line);
      if (shown) failures.push(`${failures.pop()}\n${line}`);
    }
  });
  await once(lines, 'close');
  const { exitCode, stderr } = await ava;
  // ava can fail without a failed test: an uncaught exception, a time-out, or no test at all.
  if (passed + failed === before || (exitCode !== 0 && failed === failedBefore)) {
    print(stderr);
    fail(`${name}: ava ended with ${exitCode}\n${stderr}`);
  }
  print(`  ${passed + failed - before} tests in ${Math.round(secondsSince(begun))} s`);
  if (failed > failedBefore) sayWhatFailed();
}
