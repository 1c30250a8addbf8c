import { join } from 'node:path';
import { ExitCode } from '../errors.ts';
import { readExperiment } from '../experiment/read.ts';
import { isMet } from '../experiment/trial.ts';
import { readExperimentFile } from '../host/experiment-files.ts';
import type { ChosenKernels } from '../model/kernels.ts';
import type { ChosenModules } from '../model/modules.ts';
import type { ProviderName } from '../providers/index.ts';
import { conclusion, trialDocument, trialText } from '../report/experiment.ts';
import { print, printJson, screenLook } from '../report/output.ts';
import { display, jsonLines, toAll } from '../report/sinks.ts';
import type { Globals } from './globals.ts';
import { openVariant } from './open-variant.ts';
import { tryIn } from './trial.ts';

export interface TryOptions {
  provider?: ProviderName | undefined;
  kernel?: ChosenKernels | undefined;
  module?: ChosenModules | undefined;
  setup: boolean;
  /** Whether the lab runs on afterwards. */
  keep: boolean;
  /** A checkpoint of the experiment's lab. */
  from?: string | undefined;
}

/** lab try FILE: does the steps of an experiment in a lab of its own, and says whether all was seen that must be seen. */
export async function tryExperiment(path: string, options: TryOptions, globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const { name, file, text } = await readExperimentFile(path);
  const { data: experiment, source } = readExperiment(text, { name, file });
  const { lab, title, variant } = experiment;
  const opened = await openVariant({ name, lab, source, file }, variant, options, screen.emit);
  const { plan, place } = opened;
  const emit = toAll(screen.emit, jsonLines(join(place.folder, 'events.jsonl')));
  try {
    const trial = await tryIn(opened, variant.steps, { ...options, what: `lab try ${path}` }, emit);
    const met = isMet(trial);
    screen.clear();
    const seconds = Math.round(performance.now()) / 1000;
    if (globals.json) {
      printJson({
        schema: 'lvs-lab/experiment/1',
        experiment: name,
        title,
        lab: plan.lab,
        provider: plan.provider,
        kernel: plan.kernel,
        met,
        ...trialDocument(trial),
      });
    } else {
      const look = screenLook();
      print(
        `\n  ${look.paint('bold', title)}\n\n${trialText(trial, look)}\n\n${conclusion(trial, seconds, look.paint)}\n`,
      );
    }
    return met ? ExitCode.ok : ExitCode.checkFailed;
  } finally {
    screen.clear();
  }
}
