import { basename } from 'node:path';
import { ExitCode, LabFileError } from '../errors.ts';
import { readGivenFile, UnreadableError } from '../host/given-file.ts';
import { listLabFiles, shortPath } from '../host/lab-files.ts';
import { parseLab } from '../model/parse.ts';
import { asTyped } from '../report/as-typed.ts';
import { columns } from '../report/columns.ts';
import { painter, print, printJson } from '../report/output.ts';
import type { Globals } from './globals.ts';

/** lab list: the labs that can be named here. */
export async function list(globals: Globals): Promise<number> {
  const labs = await Promise.all([...(await listLabFiles())].map(([name, file]) => describe(name, file)));
  if (globals.json) printJson({ schema: 'lvs-lab/list/1', labs });
  else {
    const paint = painter(process.stdout);
    const rows = labs.map(({ name, mode, title, file, problems }) => [
      paint('bold', name),
      mode,
      problems > 0
        ? paint(
            'red',
            `${problems} ${problems === 1 ? 'problem' : 'problems'}; ${asTyped(`lab render ${name}`)} says more`,
          )
        : title,
      paint('dim', file),
    ]);
    print(columns(rows, ''));
  }
  return ExitCode.ok;
}

async function describe(name: string, path: string) {
  const file = shortPath(path);
  try {
    const { lab } = parseLab(await readGivenFile(path), { name, file: basename(path) });
    return { name, file, mode: lab.mode as string, title: lab.title, problems: 0 };
  } catch (error) {
    const problems = error instanceof LabFileError ? error.problems.length : 1;
    if (!(error instanceof LabFileError || error instanceof UnreadableError)) throw error;
    return { name, file, mode: '?', title: '', problems };
  }
}
