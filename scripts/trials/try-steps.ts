import { setTimeout as pause } from 'node:timers/promises';
import { InterruptedError, LabError } from '../errors.ts';
import type { Step } from '../experiment/experiment.ts';
import { judge } from '../experiment/judge.ts';
import type { Row } from '../experiment/kinds.ts';
import type { Trial, TriedStep } from '../experiment/trial.ts';
import { deedWords, stepTitle } from '../experiment/words.ts';
import { unlessInterrupted } from '../host/interrupt.ts';
import { secondsSince } from '../report/events.ts';
import type { Bench, Done, Watch } from './bench.ts';

/** Milliseconds between two looks of a step that waits. */
const everyMs = 300;

type Told = (text: string) => void;

/**
 * Does the steps one after the other, sees what must be seen, and undoes what they changed, however it ends.
 * @throws LabError when a step cannot be done and no kernel says why
 */
export async function trySteps(bench: Bench, steps: readonly Step[], tell: Told): Promise<Trial> {
  const start = performance.now();
  const tried: TriedStep[] = [];
  const kernels = [...bench.kernels];
  try {
    for (const step of steps) {
      tell(`step ${tried.length + 1} of ${steps.length}: ${stepTitle(step)}`);
      tried.push(await tryStep(bench, step));
    }
    return {
      steps: tried,
      complaints: await bench.complaints(),
      kernels,
      consoles: await bench.consoles(),
      seconds: secondsSince(start),
    };
  } catch (error) {
    if (!(error instanceof LabError) || error instanceof InterruptedError) throw error;
    // A kernel that died is what is looked for, not a lab that broke.
    const complaints = await bench.complaints();
    if (complaints.length === 0) throw error;
    return { steps: tried, complaints, kernels, consoles: await bench.consoles(), seconds: secondsSince(start) };
  } finally {
    await bench.undo();
  }
}

async function tryStep(bench: Bench, step: Step): Promise<TriedStep> {
  const start = performance.now();
  const { deed, expectations } = step;
  const watch = await bench.watch(new Set(expectations.map(({ expectation }) => expectation.kind)));
  try {
    const mayFail = expectations.some(({ expectation: { kind, look } }) => kind === 'command' && !look);
    const done = await bench.perform(deed, mayFail);
    const seconds = secondsSince(start);
    const look = () => judged(step, watch, done, seconds);
    const result = deed.verb === 'wait' ? await waited(bench, deed.of, look) : await settled(watch, look);
    return { title: stepTitle(step), deed: deedWords(deed), seconds: secondsSince(start), expectations: result };
  } finally {
    await watch.end();
  }
}

type Result = TriedStep['expectations'];

async function settled(watch: Watch, look: () => Promise<Result>): Promise<Result> {
  await watch.settle();
  return look();
}

/** Looks until there is what is waited for, or until it makes no sense any more. */
async function waited(bench: Bench, seconds: number, look: () => Promise<Result>): Promise<Result> {
  const lost = bench.patience(seconds);
  for (;;) {
    const result = await look();
    if (isThere(result) || (await lost()) !== undefined) return result;
    await unlessInterrupted(pause(everyMs));
  }
}

/** All that must be seen, and either what is wrong or what is right. */
function isThere(result: Result): boolean {
  const all = (purpose: Result[number]['purpose']) => {
    const some = result.filter((one) => one.purpose === purpose);
    return some.length > 0 && some.every(({ met }) => met);
  };
  const decides = result.some(({ purpose }) => purpose !== 'see');
  return result.every(({ purpose, met }) => purpose !== 'see' || met) && (!decides || all('wrong') || all('right'));
}

async function judged({ expectations }: Step, watch: Watch, done: Done, seconds: number): Promise<Result> {
  const result: Result = [];
  for (const { purpose, expectation } of expectations) {
    const rows = await rowsOf(expectation, watch, done, seconds);
    result.push({ purpose, kind: expectation.kind, ...judge(expectation, rows) });
  }
  return result;
}

async function rowsOf(
  expectation: Step['expectations'][number]['expectation'],
  watch: Watch,
  { answers = [], command }: Done,
  seconds: number,
): Promise<Row[]> {
  const { kind, look } = expectation;
  if (kind === 'answers') return answers;
  if (kind === 'time') return [{ seconds }];
  if (kind === 'command' && !look) return command ? [command] : [];
  return watch.rows(expectation);
}
