import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readBatch } from '../../scripts/batch/batch.ts';
import { LabFileError } from '../../scripts/errors.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { errorText } from '../../scripts/report/error-text.ts';

/** Batches with mistakes, each beside the text that somebody is shown who does it. */
export const batchMistakes = join(projectRoot, 'test/batch/mistakes');

export async function batchMistakeNames(): Promise<string[]> {
  const files = await readdir(batchMistakes);
  return [...new Set(files.map((file) => file.replace(/\.\w+$/, '')))];
}

/** What is said of a batch that is called x.yaml; '' for one that is good. */
export async function saidOfBatch(name: string): Promise<string> {
  try {
    readBatch(await readFile(join(batchMistakes, `${name}.yaml`), 'utf8'), { name: 'x', file: 'x.yaml' });
    return '';
  } catch (error) {
    if (!(error instanceof LabFileError)) throw error;
    return `${errorText(error, { typed: (text) => text })}\n`;
  }
}
