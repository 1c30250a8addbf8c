import { readFile } from 'node:fs/promises';
import { LabFileError } from '../../scripts/errors.ts';
import { ChoiceError } from '../../scripts/import/choose.ts';
import { convert } from '../../scripts/import/import.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { silentWords } from './lossless.ts';

// npx tsx test/import/account.ts FILE…: imports each file, and changes each of its words, one at a time. A word whose change
// changes neither the lab nor what is listed is a loss. For configurations of other people, which are not in this repository.

/** Words that are changed in a file at most. */
const mostWords = 400;

let losses = 0;
for (const path of process.argv.slice(2)) {
  const text = await readFile(path, 'utf8');
  const configId = /^[ \t]*@\^?([^\s^]+)/m.exec(text)?.[1];
  const run = (source: string) =>
    convert([{ name: 'file', text: source }], 'file', {
      configId,
      included: (pattern) => `there is no such file: ${pattern}`,
    });
  const told = outcome(run, text);
  const every = Math.ceil(text.split(/\s+/).length / mostWords);
  const { words, silent } = silentWords(text, (source) => seen(run, source), every);
  losses += told.lab ? silent.length : 0;
  process.stdout.write(
    `${path}: ${told.what}; ${words} words, ${silent.map(({ line, text: word }) => `${line}:${word}`).join(' ') || 'none lost'}\n`,
  );
}
process.exitCode = losses > 0 ? 1 : 0;

function outcome(
  run: (text: string) => { text: string; left: unknown[] },
  text: string,
): { lab: boolean; what: string } {
  try {
    const { text: lab, left } = run(text);
    const { services, realServers } = parseLab(lab, { name: 'imported', file: 'imported.yaml' }).lab;
    return { lab: true, what: `${services.length} services, ${realServers.length} real servers, ${left.length} left` };
  } catch (error) {
    if (error instanceof ChoiceError) return { lab: false, what: error.message };
    if (!(error instanceof LabFileError) || error.file !== 'file') throw error;
    return {
      lab: false,
      what: error.problems
        .map(({ line, what }) => `${line}: ${what}`)
        .join('; ')
        .slice(0, 200),
    };
  }
}

function seen(run: (text: string) => unknown, text: string): string {
  try {
    return JSON.stringify(run(text));
  } catch (error) {
    return JSON.stringify({ ...(error as object), message: (error as Error).message });
  }
}
