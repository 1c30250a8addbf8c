import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ProcessPromise } from 'zx';
import { secondsSince } from '../../scripts/report/events.ts';
import { print } from '../../scripts/report/output.ts';
import type { PartResult, TestResult } from './account.ts';

/** Runs a program as one test; shows its output if it fails. */
export async function step(part: string, title: string, work: ProcessPromise): Promise<TestResult> {
  const begun = performance.now();
  const { exitCode, stdout, stderr } = await work.nothrow().quiet();
  const said = exitCode === 0 ? [] : `${stdout}${stderr}`.split('\n');
  return shown({ part, title, outcome: exitCode === 0 ? 'passed' : 'failed', seconds: secondsSince(begun), said });
}

/**
 * A part of one test that is no program.
 * @param said why it failed; nothing where it passed
 */
export function single(part: string, title: string, begun: number, said: readonly string[]): PartResult {
  const seconds = secondsSince(begun);
  const outcome = said.length === 0 ? 'passed' : 'failed';
  return { part, seconds, tests: [shown({ part, title, outcome, seconds, said: [...said] })] };
}

/**
 * Runs ava and reads its TAP as it comes: a line a test; what a failed one says is shown as it stands.
 * @param tell prints a line
 */
export async function suite(part: string, command: ProcessPromise, tell = print): Promise<PartResult> {
  const ava = command.nothrow().quiet();
  const begun = performance.now();
  let last = begun;
  const tests: TestResult[] = [];
  /** Lines after a failed test's result belong to it. */
  let speaking: TestResult | undefined;
  const lines = createInterface({ input: ava.stdout });
  lines.on('line', (line) => {
    const [, not, title = ''] = /^(not )?ok \d+ - (.*)/.exec(line) ?? [];
    if (!/^(not )?ok \d+ /.test(line)) {
      const isComment = line.startsWith('#');
      if (speaking || isComment) tell(line);
      speaking?.said.push(line);
      // A hook that has ended is told by a comment: its time is no test's.
      if (isComment) last = performance.now();
      return;
    }
    const skipped = / # (SKIP|TODO)/.test(title);
    const outcome = skipped ? 'skipped' : not ? 'failed' : 'passed';
    const result: TestResult = { part, title, outcome, seconds: secondsSince(last), said: [] };
    last = performance.now();
    tests.push(shown(result, tell));
    speaking = outcome === 'failed' ? result : undefined;
  });
  await once(lines, 'close');
  const { exitCode, stderr } = await ava;
  // ava can fail without a failed test: an uncaught exception, a time-out, or no test at all.
  if (tests.length === 0 || (exitCode !== 0 && !tests.some(({ outcome }) => outcome === 'failed'))) {
    const said = stderr.split('\n');
    tests.push(shown({ part, title: `ava ended with ${exitCode}`, outcome: 'failed', seconds: 0, said }, tell));
  }
  return { part, seconds: secondsSince(begun), tests };
}

function shown(result: TestResult, tell = print): TestResult {
  const { title, outcome, seconds, said } = result;
  const mark = { passed: '✔', failed: '✘', skipped: '–' }[outcome];
  tell(`${mark} ${title}${seconds < 5 ? '' : ` (${Math.round(seconds)} s)`}`);
  for (const line of said) tell(line);
  return result;
}
