import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { type Bug, readBug } from '../experiment/bug.ts';
import type { Variant } from '../experiment/experiment.ts';
import { type BugVerdict, isDecided, type Round, roundOf, type Trial, verdictOf } from '../experiment/trial.ts';
import { readBugFile } from '../host/experiment-files.ts';
import type { ChosenKernels } from '../model/kernels.ts';
import type { ChosenModules } from '../model/modules.ts';
import type { Plan } from '../plan/plan.ts';
import type { ProviderName } from '../providers/index.ts';
import type { Emit } from '../report/events.ts';
import { jsonLines, toAll } from '../report/sinks.ts';
import { openVariant, type ToOpen } from './open-variant.ts';
import { tryIn } from './trial.ts';

/** A bug, and what opens its lab. */
export interface BugFile {
  bug: Bug;
  toOpen: ToOpen;
}

export interface LookOptions {
  provider?: ProviderName | undefined;
  kernel?: ChosenKernels | undefined;
  module?: ChosenModules | undefined;
  setup: boolean;
  /** With what mends it. */
  mended: boolean;
  /** So many rounds, all of them; without it until the verdict is clear. */
  rounds?: number | undefined;
}

/** A round, and what it was judged by. */
export interface TriedRound {
  round: Round;
  trial: Trial;
}

export interface Look {
  plan: Plan;
  verdict: BugVerdict;
  rounds: TriedRound[];
}

/** @throws UsageError for an unknown id; LabFileError */
export async function openBug(idOrPath: string): Promise<BugFile> {
  const { name, file, text } = await readBugFile(idOrPath);
  const { data, source } = readBug(text, { name, file });
  return { bug: data, toOpen: { name, lab: data.lab, source, file } };
}

/** Looks for a bug in fresh labs, round by round. @throws LabError when a lab cannot be had, or breaks */
export async function lookForBug({ bug, toOpen }: BugFile, options: LookOptions, emit: Emit): Promise<Look> {
  const variant = variantOf(bug, options.mended);
  const opened = await openVariant(toOpen, variant, options, emit);
  const { plan, place } = opened;
  const toFile = toAll(emit, jsonLines(join(place.folder, 'events.jsonl')));
  const count = options.rounds ?? bug.repeats.rounds;
  const rounds: TriedRound[] = [];
  const judged = () => rounds.map(({ round }) => round);
  while (rounds.length < count) {
    if (count > 1) toFile({ type: 'note', text: `round ${rounds.length + 1} of ${count}` });
    const trial = await tryIn(opened, variant.steps, { ...options, keep: false, what: `lab bug ${bug.id}` }, toFile);
    rounds.push({ round: roundOf(trial), trial });
    // Who wants to know how often it hits gets all rounds.
    if (options.rounds === undefined && isDecided(judged(), bug.repeats)) break;
  }
  return { plan, verdict: verdictOf(judged(), bug.repeats.hits), rounds };
}

/** The round that decides: the first that hit, else the first that is not clear, else the last. */
export function decisive(rounds: readonly TriedRound[]): TriedRound | undefined {
  return (
    rounds.find(({ round }) => round === 'hit') ?? rounds.find(({ round }) => round === 'unclear') ?? rounds.at(-1)
  );
}

/** @throws UsageError for a bug that only another version mends */
function variantOf({ id, variant, mended }: Bug, wantsMended: boolean): Variant {
  if (!wantsMended) return variant;
  if (mended) return mended;
  throw new UsageError(`--mended: bug ${id} has nothing that mends it`, { cause: 'there is no mended: in its file' });
}
