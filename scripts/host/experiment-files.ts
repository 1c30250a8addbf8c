import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { closest } from '../closest.ts';
import { UnreadableLabFileError, UsageError } from '../errors.ts';
import { fileInReport } from '../experiment/bug-report.ts';
import { readGivenFile, UnreadableError } from './given-file.ts';
import { isPath, type LabFileText, labName, shortPath } from './lab-files.ts';
import { projectRoot } from './paths.ts';

/** Folders with bugs: labs/bugs/ of the current folder, and that of the kit. */
function bugFolders(): string[] {
  return [...new Set([resolve('labs/bugs'), join(projectRoot, 'labs/bugs')])];
}

/** All bugs that can be named, by id. One of the current folder hides one of the kit with the same id. */
export async function listBugFiles(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const folder of bugFolders()) {
    for (const file of (await readdir(folder).catch(() => [])).sort()) {
      const [, id] = /^(.+)\.ya?ml$/.exec(file) ?? [];
      if (id !== undefined && !found.has(id)) found.set(id, join(folder, file));
    }
  }
  return found;
}

/** @param what the file is, for the message. @throws UnreadableLabFileError */
export async function readExperimentFile(path: string, what = 'an experiment'): Promise<LabFileText> {
  const name = labName(path.replace(/\.md$/, '.yaml'));
  const file = shortPath(resolve(path));
  try {
    return { name, file, text: await readGivenFile(resolve(path)) };
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    const beside = (await readdir(dirname(resolve(path))).catch(() => [])).filter((one) => /\.ya?ml$/.test(one));
    const near = closest(basename(path), beside);
    const meant = near && error.code === 'ENOENT' ? `; did you mean ${join(dirname(path), near)}?` : '';
    throw new UnreadableLabFileError(`${file}: ${error.message}${meant}`, {
      cause: `${what} is named by the path of its file`,
    });
  }
}

/** A bug by its id or by the path of its file. @throws UsageError for an unknown id */
export async function readBugFile(idOrPath: string): Promise<LabFileText> {
  if (isPath(idOrPath) || /\.md$/.test(idOrPath)) return inside(await readExperimentFile(idOrPath));
  const known = await listBugFiles();
  const path = known.get(idOrPath);
  if (path !== undefined) return readExperimentFile(path);
  const meant = closest(idOrPath, [...known.keys()]);
  throw new UsageError(`there is no bug ${idOrPath}${meant ? `; did you mean ${meant}?` : ''}`, {
    tryThis: 'lab bugs',
  });
}

/** A bug report has the bug's file inside. */
function inside(read: LabFileText): LabFileText {
  const text = /\.md$/.test(read.file) ? fileInReport(read.text) : undefined;
  const name = text && /^id: +["']?([\w-]+)/m.exec(text)?.[1];
  return text && name ? { ...read, text, name } : read;
}
