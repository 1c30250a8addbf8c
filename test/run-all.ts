import { availableParallelism, userInfo } from 'node:os';
import { $, cd } from 'zx';
import { LabError } from '../scripts/errors.ts';
import { projectRoot, runtimeFolder } from '../scripts/host/paths.ts';
import { findProcesses } from '../scripts/host/processes.ts';
import { errorText } from '../scripts/report/error-text.ts';
import { secondsSince } from '../scripts/report/events.ts';
import { print, say } from '../scripts/report/output.ts';
import { account, failures, type PartResult } from './runner/account.ts';
import { choose } from './runner/choose.ts';
import { describeSpeed, measureSpeed } from './runner/measure.ts';
import { single, step, suite } from './runner/suite.ts';
import { inLanes, turnsOf } from './runner/turns.ts';
import { isOnMachines, machineParts, type Part, type TestSet } from './sets.ts';

// npm test: the core. npm run test:all: everything. Which parts of it: runner/choose.ts. The last line is `N passed, N failed`, with
// `, N skipped` where tests were skipped.
const set: TestSet = process.argv[2] === 'all' ? 'all' : 'core';
const choice = choose(set, process.argv.slice(3), process.env);
if ('parts' in choice) process.exitCode = await runParts(choice.parts);
else {
  say(choice.text);
  process.exitCode = choice.code;
}

/** @returns the exit code */
async function runParts(chosen: readonly Part[]): Promise<number> {
  cd(projectRoot);
  $.verbose = false;
  const start = performance.now();
  const results: PartResult[] = [];
  let pace = 1;
  let notRun = '';
  // Four machines of one lab fill two cores: two labs at a time would only be late.
  const lanes = set === 'all' && availableParallelism() >= 4 ? 2 : 1;
  for (const turn of turnsOf(chosen, lanes)) {
    if (turn.parts.some(isOnMachines) && !results.some((one) => one.part === 'speed')) {
      const { result, pace: measured } = await speed();
      results.push(result);
      pace = measured;
    }
    if (turn.parts.includes('vagrant') && userInfo().uid !== 0) {
      notRun = 'not run: vagrant, which needs root';
      continue;
    }
    // Two labs at a time take up to twice as long.
    results.push(...(await inLanes(turn, (part) => runPart(part, pace * turn.lanes, turn.lanes > 1))));
  }
  if (results.some(({ part }) => part === 'speed')) results.push(await nothingLeft());

  const tests = results.flatMap((one) => one.tests);
  const failed = tests.filter(({ outcome }) => outcome === 'failed').length;
  const skipped = tests.filter(({ outcome }) => outcome === 'skipped').length;
  print(`\n${account(results, pace)}`);
  if (notRun) print(`\n${notRun}`);
  if (failed > 0) print(`\nWhat failed\n\n${failures(results)}`);
  print(`\n${availableParallelism()} cores, ${Math.round(secondsSince(start))} s`);
  print(`${tests.length - failed - skipped} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed > 0 || tests.length === 0 ? 1 : 0;
}

/** @param beside another part runs at the same time: every line has the part's name */
async function runPart(part: Part, pace: number, beside: boolean): Promise<PartResult> {
  print(`\n${part}`);
  const tell = beside ? (line: string) => print(`${part}  ${line}`) : print;
  const result = await testsOf(part, pace, tell);
  tell(`  ${result.tests.length} tests in ${Math.round(result.seconds)} s`);
  return result;
}

async function testsOf(part: Part, pace: number, tell: typeof print): Promise<PartResult> {
  if (part === 'checks') return checks();
  if (part === 'unit') return suite(part, $`npx ava --tap --config ava.built.config.js`);
  if (part === 'images') return images();
  const $$ = $({ env: { ...process.env, LAB_TEST_SET: set, LAB_TEST_PACE: String(pace) } });
  if (part === 'vagrant') return suite(part, $$`npx tsx test/vagrant/run.ts --tap`, tell);
  return suite(part, $$`npx ava --tap --config ava.e2e.config.js ${machineParts[part]}`, tell);
}

async function checks(): Promise<PartResult> {
  const begun = performance.now();
  const tests = [
    await step('checks', 'type check', $`npx tsc --noEmit`),
    await step('checks', 'lint', $`npx biome check .`),
    await step('checks', 'shellcheck', $`npx tsx test/shellcheck.ts`),
    await step('checks', 'manual page and completion', $`npx tsx test/manual-and-completion.ts`),
  ];
  return { part: 'checks', seconds: secondsSince(begun), tests };
}

/** Builds the guest images that tests need first, so that no test's time includes it. */
async function images(): Promise<PartResult> {
  const begun = performance.now();
  const wanted = [['--small'], [], ['--release', '12'], ...(set === 'all' ? [['--kernel', 'generic']] : [])];
  // The first build installs the tools that the others need.
  const build = (words: readonly string[]) =>
    step('images', ['lab image build', ...words].join(' '), $`node bin/lab.js image build ${words}`);
  const [first = [], ...others] = wanted;
  const tests = [await build(first), ...(await Promise.all(others.map(build)))];
  return { part: 'images', seconds: secondsSince(begun), tests };
}

/** How fast this computer is now; a lab that does not come up at all is a failed test like another. */
async function speed(): Promise<{ result: PartResult; pace: number }> {
  const begun = performance.now();
  const title = 'one lab comes up, one clone is made anew';
  print('\nspeed');
  try {
    const seen = await measureSpeed();
    const result = single('speed', title, begun, []);
    print(`  ${describeSpeed(seen)}`);
    return { result, pace: seen.pace };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { result: single('speed', title, begun, errorText(error).split('\n')), pace: 1 };
  }
}

async function nothingLeft(): Promise<PartResult> {
  const begun = performance.now();
  print('\nend');
  const left = await findProcesses(`${runtimeFolder()}/`);
  const said = left.map(({ pid, argv }) => `${pid} ${argv.join(' ')}`);
  return single('end', 'no process of a lab is left', begun, said);
}
