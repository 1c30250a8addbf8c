import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabFileError } from '../../scripts/errors.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { errorText } from '../../scripts/report/error-text.ts';

/** Lab files with a mistake, each beside the text that somebody is shown who brings it up. */
export const mistakesFolder = join(projectRoot, 'test/model/mistakes');

/** Names of the pairs: NAME.yaml and NAME.txt. */
export async function mistakeNames(): Promise<string[]> {
  const files = await readdir(mistakesFolder);
  return [...new Set(files.map((file) => file.replace(/\.\w+$/, '')))];
}

/** What is said of a lab file that is called lab.yaml; '' for one that is good. */
export async function messageOf(name: string): Promise<string> {
  const text = await readFile(join(mistakesFolder, `${name}.yaml`), 'utf8');
  try {
    parseLab(text, { name: 'lab', file: 'lab.yaml' });
    return '';
  } catch (error) {
    if (!(error instanceof LabFileError)) throw error;
    return `${errorText(error, { typed: (text) => text })}\n`;
  }
}
