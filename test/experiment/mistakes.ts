import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabFileError } from '../../scripts/errors.ts';
import { inExperiment, labText } from '../../scripts/experiment/compose.ts';
import { requireFit } from '../../scripts/experiment/fit.ts';
import { readExperiment } from '../../scripts/experiment/read.ts';
import { faults } from '../../scripts/faults/index.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { makePlan } from '../../scripts/plan/make-plan.ts';
import { errorText } from '../../scripts/report/error-text.ts';
import { mapOfLab } from './made.ts';

/** Experiments with mistakes, each beside the text that somebody is shown who tries it. */
export const experimentMistakes = join(projectRoot, 'test/experiment/mistakes');

export async function experimentMistakeNames(): Promise<string[]> {
  const files = await readdir(experimentMistakes);
  return [...new Set(files.map((file) => file.replace(/\.\w+$/, '')))];
}

/** What is said of an experiment that is called x.yaml; '' for one that is good. */
export async function saidOf(name: string): Promise<string> {
  const text = await readFile(join(experimentMistakes, `${name}.yaml`), 'utf8');
  try {
    const { data, source } = readExperiment(text, { name: 'x', file: 'x.yaml' });
    const base = typeof data.lab === 'string' ? await mapOfLab(data.lab) : data.lab;
    const { lab } = asLab(labText(base, data.variant), (error) =>
      inExperiment(error, 'x.yaml', source, [['change'], ['lab']]),
    );
    requireFit(data.variant.steps, makePlan(lab), faults, 'x.yaml', source);
    return '';
  } catch (error) {
    if (!(error instanceof LabFileError)) throw error;
    return `${errorText(error, { typed: (text) => text })}\n`;
  }
}

function asLab(text: string, placed: (error: LabFileError) => LabFileError) {
  try {
    return parseLab(text, { name: 'x', file: 'x.yaml' });
  } catch (error) {
    throw error instanceof LabFileError ? placed(error) : error;
  }
}
