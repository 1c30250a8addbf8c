import { join } from 'node:path';
import { countOf } from '../count-of.ts';
import { ExitCode, InterruptedError, LabError, LabFileError, UndecidedError, UsageError } from '../errors.ts';
import { type Bug, readBug } from '../experiment/bug.ts';
import type { Variant } from '../experiment/experiment.ts';
import { type BugVerdict, type Round, roundOf, type Trial, verdictOf } from '../experiment/trial.ts';
import { readBugFile } from '../host/experiment-files.ts';
import { leaveNoMachines } from '../host/interrupt.ts';
import type { ChosenKernels } from '../model/kernels.ts';
import type { Plan } from '../plan/plan.ts';
import type { ProviderName } from '../providers/index.ts';
import { errorText } from '../report/error-text.ts';
import type { Emit } from '../report/events.ts';
import { trialDocument, trialText } from '../report/experiment.ts';
import { type Paint, painter, print, printJson, screenWidth } from '../report/output.ts';
import { display, jsonLines, toAll } from '../report/sinks.ts';
import { wrapLines } from '../report/wrap.ts';
import type { Globals } from './globals.ts';
import { openVariant, type ToOpen } from './open-variant.ts';
import { tryIn } from './trial.ts';

export interface BugOptions {
  provider?: ProviderName | undefined;
  kernel?: ChosenKernels | undefined;
  setup: boolean;
  /** With what mends it. */
  mended: boolean;
  /** So many rounds, all of them, to measure how often it shows. */
  rounds?: number | undefined;
}

/** A round, and what it was judged by. */
interface TriedRound {
  round: Round;
  trial: Trial;
}

const codes: Record<BugVerdict, number> = {
  reproduced: ExitCode.checkFailed,
  'not reproduced': ExitCode.ok,
  'the lab broke': ExitCode.unknown,
};

/**
 * lab bug ID: says whether a bug is there, by exit codes that `git bisect run` understands.
 * @throws UndecidedError for everything that keeps it from knowing: any other exit code would be taken for a bug that is there
 */
export async function bug(idOrPath: string, options: BugOptions, globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  try {
    const { name, file, text } = await readBugFile(idOrPath);
    const { data, source } = readBug(text, { name, file });
    const toOpen = { name, lab: data.lab, source, file };
    const { plan, rounds } = await tryRounds(data, toOpen, options, screen.emit);
    screen.clear();
    const verdict = verdictOf(rounds.map(({ round }) => round));
    if (globals.json) printJson(documentOf(data, plan, options, verdict, rounds));
    else print(textOf(data, verdict, rounds));
    return codes[verdict];
  } catch (error) {
    if (!(error instanceof LabError) || error instanceof InterruptedError) throw error;
    const what = error instanceof LabFileError ? errorText(error) : error.message;
    throw new UndecidedError(what, error.facts);
  } finally {
    screen.clear();
  }
}

async function tryRounds(
  data: Bug,
  toOpen: ToOpen,
  options: BugOptions,
  emit: Emit,
): Promise<{ plan: Plan; rounds: TriedRound[] }> {
  const variant = variantOf(data, options.mended);
  const opened = await openVariant(toOpen, variant, options, emit);
  const { plan, place } = opened;
  leaveNoMachines();
  const toFile = toAll(emit, jsonLines(join(place.folder, 'events.jsonl')));
  const count = options.rounds ?? data.rounds;
  const rounds: TriedRound[] = [];
  while (rounds.length < count) {
    if (count > 1) toFile({ type: 'note', text: `round ${rounds.length + 1} of ${count}` });
    const trial = await tryIn(opened, variant.steps, { ...options, keep: false, what: `lab bug ${data.id}` }, toFile);
    rounds.push({ round: roundOf(trial), trial });
    // One hit is enough, unless somebody wants to know how many there are.
    if (options.rounds === undefined && rounds.at(-1)?.round === 'hit') break;
  }
  return { plan, rounds };
}

/** @throws UsageError for a bug that only another version mends */
function variantOf({ id, variant, mended }: Bug, wantsMended: boolean): Variant {
  if (!wantsMended) return variant;
  if (mended) return mended;
  throw new UsageError(`--mended: bug ${id} has nothing that mends it`, { cause: 'there is no mended: in its file' });
}

function documentOf(data: Bug, plan: Plan, options: BugOptions, verdict: BugVerdict, rounds: readonly TriedRound[]) {
  return {
    schema: 'lvs-lab/bug/1',
    bug: data.id,
    title: data.title,
    mended: options.mended,
    lab: plan.lab,
    provider: plan.provider,
    kernel: plan.kernel,
    verdict,
    hits: hitsOf(rounds),
    rounds: rounds.map(({ round, trial }) => ({ round, ...trialDocument(trial) })),
  };
}

const hitsOf = (rounds: readonly TriedRound[]) => rounds.filter(({ round }) => round === 'hit').length;

/** The round that decides: the first that hit, else the first that is not clear, else the last. */
function decisive(rounds: readonly TriedRound[]): TriedRound | undefined {
  return (
    rounds.find(({ round }) => round === 'hit') ?? rounds.find(({ round }) => round === 'unclear') ?? rounds.at(-1)
  );
}

function textOf({ title, symptom }: Bug, verdict: BugVerdict, rounds: readonly TriedRound[]): string {
  const look = { paint: painter(process.stdout), width: screenWidth(process.stdout) };
  const { paint, width } = look;
  const shown = decisive(rounds);
  return [
    '',
    wrapLines(`  ${paint('bold', title)}`, width),
    wrapLines(`  ${symptom}`, width),
    '',
    ...(shown ? [trialText(shown.trial, look), ''] : []),
    `  ${verdictWords(verdict, paint)}  ${hitsOf(rounds)} of ${countOf(rounds.length, 'round')} hit`,
    '',
  ].join('\n');
}

function verdictWords(verdict: BugVerdict, paint: Paint): string {
  const colours = { reproduced: 'red', 'not reproduced': 'green', 'the lab broke': 'yellow' } as const;
  return paint(colours[verdict], paint('bold', verdict));
}
