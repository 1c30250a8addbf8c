import { basename, dirname } from 'node:path';
import { countOf } from '../count-of.ts';
import { ExitCode, LabFileError } from '../errors.ts';
import { readGivenFile, UnreadableError } from '../host/given-file.ts';
import { listLabFiles, shortPath } from '../host/lab-files.ts';
import { parseLab } from '../model/parse.ts';
import { labArgument } from '../render/lab-argument.ts';
import { asTyped } from '../report/as-typed.ts';
import { rowTexts } from '../report/columns.ts';
import { type Paint, painter, print, printJson } from '../report/output.ts';
import type { Globals } from './globals.ts';

type ListedLab = {
  name: string;
  /** Relative to the current folder where that is shorter. */
  file: string;
  /** `?` where the file has problems. */
  mode: string;
  title: string;
  /** How many problems the file has. */
  problems: number;
};

/** lab list: the labs that can be run by name. */
export async function list(globals: Globals): Promise<number> {
  const labs = await Promise.all(byName([...(await listLabFiles())]).map(([name, file]) => describe(name, file)));
  if (globals.json) printJson({ schema: 'lvs-lab/list/1', labs });
  else {
    print(listText(labs, painter(process.stdout)));
  }
  return ExitCode.ok;
}

/** Names and files of labs, by folder, and in a folder by name: the file nat-centos.yaml comes before nat.yaml. */
function byName(labs: readonly [name: string, file: string][]): [name: string, file: string][] {
  const folders = [...new Set(labs.map(([, file]) => dirname(file)))];
  return folders.flatMap((folder) =>
    labs.filter(([, file]) => dirname(file) === folder).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** The labs of each folder, in one table. */
function listText(labs: readonly ListedLab[], paint: Paint): string {
  const folders = [...new Set(labs.map(({ file }) => dirname(file)))];
  const rows = rowTexts(labs, (lab) => [paint('bold', lab.name), lab.mode, titleOf(lab, paint)]);
  return folders
    .map((folder) => {
      const here = rows.filter(({ thing }) => dirname(thing.file) === folder);
      return [paint('dim', `${folder}/`), ...here.map(({ text }) => text)].join('\n');
    })
    .join('\n\n');
}

function titleOf({ name, title, problems }: ListedLab, paint: Paint): string {
  if (problems === 0) return title;
  const count = countOf(problems, 'problem');
  return paint('red', `${count}; ${asTyped(`lab render ${labArgument({ lab: name })}`)} shows them`);
}

async function describe(name: string, path: string): Promise<ListedLab> {
  const file = shortPath(path);
  try {
    const { lab } = parseLab(await readGivenFile(path), { name, file: basename(path) });
    return { name, file, mode: lab.mode, title: lab.title, problems: 0 };
  } catch (error) {
    const problems = error instanceof LabFileError ? error.problems.length : 1;
    if (!(error instanceof LabFileError || error instanceof UnreadableError)) throw error;
    return { name, file, mode: '?', title: '', problems };
  }
}
