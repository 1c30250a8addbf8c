import { resolve } from 'node:path';
import { LabFileError, UsageError } from '../errors.ts';
import { inExperiment, labText } from '../experiment/compose.ts';
import type { LabMap, Variant } from '../experiment/experiment.ts';
import { requireFit } from '../experiment/fit.ts';
import { faults } from '../faults/index.ts';
import { isPath, readLabFile } from '../host/lab-files.ts';
import { realFolder } from '../host/real-folder.ts';
import { withFullPaths } from '../model/full-paths.ts';
import { parseLab } from '../model/parse.ts';
import type { Source } from '../model/reading/source.ts';
import { readSource } from '../model/reading/source.ts';
import type { Plan } from '../plan/plan.ts';
import { providerInfo, providers } from '../providers/index.ts';
import type { Emit } from '../report/events.ts';
import { type LabOptions, type MachineOptions, openText } from './open-lab.ts';
import type { OpenedLab } from './opened-lab.ts';

/** An experiment or a bug, as far as its lab is concerned. */
export interface ToOpen {
  /** The name of its lab. */
  name: string;
  lab: string | LabMap;
  source: Source;
  /** The file's name in messages. */
  file: string;
}

/**
 * Plans and renders the lab of one variant, and compares its steps with it. Starts nothing.
 * @throws LabFileError with lines of the experiment, or of the lab file that it names
 */
export async function openVariant(
  { name, lab, source, file }: ToOpen,
  variant: Variant,
  options: LabOptions | MachineOptions,
  emit: Emit,
): Promise<OpenedLab> {
  const base = typeof lab === 'string' ? await mapOfLab(lab, file) : lab;
  const opened = await openText({ name, file, text: labText(base, variant) }, options, emit).catch((error: unknown) => {
    if (!(error instanceof LabFileError)) throw error;
    throw inExperiment(error, file, source, [['mended', 'change'], ['change'], ['lab'], []]);
  });
  requireFit(variant.steps, opened.plan, faults, file, source);
  requireCapture(variant, opened.plan);
  return opened;
}

/** A lab file by name, or by its path beside the experiment. Its own paths are full ones. @throws LabFileError for one that is wrong by itself */
export async function mapOfLab(wanted: string, file: string): Promise<LabMap> {
  const path = isPath(wanted) ? resolve(await realFolder(file), wanted) : wanted;
  const { name, file: labFile, text } = await readLabFile(path);
  parseLab(text, { name, file: labFile });
  return withFullPaths(readSource(text).value as LabMap, await realFolder(labFile));
}

/** @throws UsageError when packets must be seen and the provider cannot capture them */
function requireCapture({ steps }: Variant, { provider }: Plan): void {
  const wanted = steps.some(({ expectations }) =>
    expectations.some(({ expectation }) => expectation.kind === 'packets'),
  );
  if (!wanted || providerInfo(provider).capabilities.capture) return;
  const able = providers.find(({ capabilities }) => capabilities.capture);
  throw new UsageError(`provider ${provider} cannot capture networks, and a step must see packets`, {
    ...(able && { tryThis: `the same command with --provider ${able.name}` }),
  });
}
