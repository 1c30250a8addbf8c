import { readdir } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { didYouMean } from '../closest.ts';
import { LabFileError, UsageError } from '../errors.ts';
import { longestLabName } from '../model/limits.ts';
import { readGivenFile, UnreadableError } from './given-file.ts';
import { projectRoot } from './paths.ts';

export interface LabFileText {
  /** Name of the lab: the file's, without its ending. */
  name: string;
  /** The file, as short as it can be said from here. */
  file: string;
  text: string;
}

/** Folders with lab files: the one here, and the kit's own. */
function folders(): string[] {
  return [...new Set([resolve('labs'), join(projectRoot, 'labs')])];
}

/** All labs that can be named, by name; one here hides one of the kit with the same name. */
export async function listLabFiles(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const folder of folders()) {
    const files = await readdir(folder).catch(() => []);
    for (const file of files.filter((one) => /\.ya?ml$/.test(one)).sort()) {
      const name = basename(file).replace(/\.ya?ml$/, '');
      if (!found.has(name)) found.set(name, join(folder, file));
    }
  }
  return found;
}

/** The name of a lab, from a name or from the path of its file. @throws UsageError for what cannot name a folder */
export function labName(nameOrPath: string): string {
  const name = basename(nameOrPath).replace(/\.ya?ml$/, '');
  if (!/^[a-z0-9][a-z0-9_-]*$/i.test(name) || name.length > longestLabName) {
    throw new UsageError(`${JSON.stringify(name)} cannot be the name of a lab`, {
      cause: `a name becomes a folder: letters, digits, hyphens and underscores, ${longestLabName} at most`,
      tryThis: 'lab list',
    });
  }
  return name;
}

export function isPath(nameOrPath: string): boolean {
  return nameOrPath.includes('/') || /\.ya?ml$/.test(nameOrPath);
}

/**
 * Reads a lab file by the lab's name or by the file's path.
 * @throws UsageError for a name that nobody has, with the one that was meant; LabFileError for a file that is not there
 */
export async function readLabFile(nameOrPath: string): Promise<LabFileText> {
  const name = labName(nameOrPath);
  const path = isPath(nameOrPath) ? resolve(nameOrPath) : await fileOf(name);
  const file = shortPath(path);
  try {
    return { name, file, text: await readGivenFile(path) };
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    const known = isPath(nameOrPath) && error.code === 'ENOENT' && (await listLabFiles()).has(name);
    const fix = known ? `lab ${name} is named without .yaml` : undefined;
    throw new LabFileError(file, [{ line: 1, path: '', what: error.message, fix }]);
  }
}

async function fileOf(name: string): Promise<string> {
  const known = await listLabFiles();
  const path = known.get(name);
  if (path) return path;
  const meant = didYouMean(name, [...known.keys()]);
  throw new UsageError(`there is no lab ${name}${meant ? `; ${meant}` : ''}`, { tryThis: 'lab list' });
}

/**
 * Refuses a name that no lab file has, and a path where there is none.
 * @throws UsageError with the one that was meant, LabFileError for a path
 */
export async function requireLabName(nameOrPath: string): Promise<void> {
  if (isPath(nameOrPath)) await readLabFile(nameOrPath);
  else await fileOf(labName(nameOrPath));
}

/** A path as a person would say it: relative where that is shorter. */
export function shortPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.length < path.length && !isAbsolute(near) ? near : path;
}
