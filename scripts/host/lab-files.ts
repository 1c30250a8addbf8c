import { readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { closest } from '../closest.ts';
import { UnreadableLabFileError, UsageError } from '../errors.ts';
import { longestLabName } from '../model/limits.ts';
import { readGivenFile, UnreadableError } from './given-file.ts';
import { projectRoot } from './paths.ts';

export interface LabFileText {
  /** Name of the lab: the file's name without its ending. */
  name: string;
  /** The file's path, relative to the current folder if that is shorter. */
  file: string;
  text: string;
}

/** Folders with lab files: labs/ of the current folder, and labs/ of the kit. */
function folders(): string[] {
  return [...new Set([resolve('labs'), join(projectRoot, 'labs')])];
}

/** Name of a file without its folder and ending. */
function stemOf(path: string): string {
  return basename(path).replace(/\.ya?ml$/, '');
}

/** Names of the files that may be lab files; empty for a folder that cannot be read. */
async function labFilesIn(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch(() => []);
  return files.filter((file) => /\.ya?ml$/.test(file) && isLabName(stemOf(file))).sort();
}

/** All labs that can be named, by name. A lab of the current folder hides a lab of the kit with the same name. */
export async function listLabFiles(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const folder of folders()) {
    for (const file of await labFilesIn(folder)) {
      const name = stemOf(file);
      if (!found.has(name)) found.set(name, join(folder, file));
    }
  }
  return found;
}

/** The name of a lab, from a name or from the path of its file. @throws UsageError for a name that no folder can have */
export function labName(nameOrPath: string): string {
  const name = stemOf(nameOrPath);
  if (!isLabName(name)) {
    throw new UsageError(`${JSON.stringify(name)} cannot be the name of a lab`, {
      cause: `a name becomes a folder: letters, digits, hyphens and underscores, ${longestLabName} at most`,
      tryThis: 'lab list',
    });
  }
  return name;
}

export function isLabName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]*$/i.test(name) && name.length <= longestLabName;
}

/** A lab as it was typed: by its name, or by the path of its file. @throws UsageError for what cannot name a folder */
export function namedBy(nameOrPath: string): { lab: string; file?: string } {
  return { lab: labName(nameOrPath), ...(isPath(nameOrPath) && { file: nameOrPath }) };
}

export function isPath(nameOrPath: string): boolean {
  return nameOrPath.includes('/') || /\.ya?ml$/.test(nameOrPath);
}

/**
 * Reads a lab file by the lab's name or by the file's path.
 * @throws UsageError for an unknown name, UnreadableLabFileError for a path; both suggest the nearest known lab or file
 */
export async function readLabFile(nameOrPath: string): Promise<LabFileText> {
  const name = labName(nameOrPath);
  const path = isPath(nameOrPath) ? resolve(nameOrPath) : await fileOf(name);
  const file = shortPath(path);
  try {
    return { name, file, text: await readGivenFile(path) };
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    const meant = error.code === 'ENOENT' ? await meantBy(path, name) : undefined;
    throw new UnreadableLabFileError(`${file}: ${error.message}${meant ? `; did you mean ${meant}?` : ''}`, {
      tryThis: 'lab list',
    });
  }
}

/** What the user may have meant by the path of a missing file: a file with a similar path, or a lab by its name. */
async function meantBy(path: string, name: string): Promise<string | undefined> {
  const beside = (await labFilesIn(dirname(path))).map((file) => join(dirname(path), file));
  // A link that leads nowhere is in the folder too.
  const near = new Map(beside.filter((file) => file !== path).map((file) => [stemOf(file), file]));
  const known = await listLabFiles();
  const same = near.get(stemOf(path));
  if (same) return typedPath(same);
  if (known.has(name) && known.get(name) !== path) return name;
  const close = near.get(closest(stemOf(path), [...near.keys()]) ?? '');
  return close ? typedPath(close) : closest(name, [...known.keys()]);
}

async function fileOf(name: string): Promise<string> {
  const known = await listLabFiles();
  const path = known.get(name);
  if (path) return path;
  const [beside] = (await labFilesIn(resolve())).filter((file) => stemOf(file) === name);
  const meant = beside ? typedPath(resolve(beside)) : closest(name, [...known.keys()]);
  throw new UsageError(`there is no lab ${name}${meant ? `; did you mean ${meant}?` : ''}`, { tryThis: 'lab list' });
}

/** A path in a form that cannot be taken for a lab's name. */
function typedPath(path: string): string {
  const short = shortPath(path);
  return short.includes('/') ? short : `./${short}`;
}

/**
 * Refuses a name that no lab file has, and a path without a file.
 * @throws UsageError that suggests the nearest name, UnreadableLabFileError for a path
 */
export async function requireLabName(nameOrPath: string): Promise<void> {
  if (isPath(nameOrPath)) await readLabFile(nameOrPath);
  else await fileOf(labName(nameOrPath));
}

/** A path for messages: relative to the current folder if that is shorter. */
export function shortPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.length < path.length && !isAbsolute(near) ? near : path;
}
