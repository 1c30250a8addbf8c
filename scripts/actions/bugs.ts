import { readFile } from 'node:fs/promises';
import { ExitCode } from '../errors.ts';
import { type Bug, readBug, whereWords } from '../experiment/bug.ts';
import { listBugFiles } from '../host/experiment-files.ts';
import { shortPath } from '../host/lab-files.ts';
import { asTyped } from '../report/as-typed.ts';
import { painter, print, printJson, screenWidth } from '../report/output.ts';
import { wrapLines } from '../report/wrap.ts';
import type { Globals } from './globals.ts';

/** lab bugs: every bug that lab bug can look for. */
export async function bugs(globals: Globals): Promise<number> {
  const all: { bug: Bug; file: string }[] = [];
  for (const [name, path] of await listBugFiles()) {
    const file = shortPath(path);
    all.push({ file, bug: readBug(await readFile(path, 'utf8'), { name, file }).data });
  }
  if (globals.json) {
    const rows = all.map(({ file, bug: { id, title, symptom, references, where, mended, repeats } }) => {
      return {
        id,
        title,
        symptom,
        references,
        where: whereWords(where),
        mendable: mended !== null,
        rounds: repeats.rounds,
        file,
      };
    });
    printJson({ schema: 'lvs-lab/bugs/1', bugs: rows });
  } else print(textOf(all.map(({ bug }) => bug)));
  return ExitCode.ok;
}

function textOf(all: readonly Bug[]): string {
  const [first] = all;
  if (!first) return 'there are no bugs';
  const paint = painter(process.stdout);
  const width = screenWidth(process.stdout);
  const parts = all.map(({ id, title, where }) => {
    return [
      `  ${paint('bold', id)}`,
      wrapLines(`    ${title}`, width),
      wrapLines(paint('dim', `    ${whereWords(where)}`), width),
    ].join('\n');
  });
  return `${parts.join('\n')}\n\n${wrapLines(asTyped(`  lab bug ${first.id} looks for it; lab bug ${first.id} --mended with what mends it`), width)}`;
}
