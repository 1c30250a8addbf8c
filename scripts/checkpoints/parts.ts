import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sparseHashOf } from '../host/sparse.ts';

/** A file of a checkpoint. */
export interface Part {
  /** Its path in the checkpoint's folder. */
  file: string;
  /** Bytes. */
  size: number;
  /** Of its last change, in milliseconds since 1970. */
  changed: number;
  /** Of its content; see sparseHashOf. */
  hash: string;
}

/** All files of a folder, at this moment. */
export async function partsOf(folder: string): Promise<Part[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name).slice(folder.length + 1));
  const parts: Part[] = [];
  for (const file of files.sort()) {
    const path = join(folder, file);
    const { size, mtimeMs } = await lstat(path);
    parts.push({ file, size, changed: mtimeMs, hash: await sparseHashOf(path) });
  }
  return parts;
}

/** The same parts, with the dates that their files have in this folder. */
export function withDates(folder: string, parts: readonly Part[]): Promise<Part[]> {
  return Promise.all(parts.map(async (part) => ({ ...part, changed: (await lstat(join(folder, part.file))).mtimeMs })));
}

/** Files that have another size or date than they had. This is quick, and does not see a faulty disk. */
export async function changedParts(folder: string, parts: readonly Part[]): Promise<string[]> {
  const found = await Promise.all(parts.map(({ file }) => looksOf(join(folder, file))));
  return parts
    .filter(({ size, changed }, at) => size !== found[at]?.size || changed !== found[at].changed)
    .map(({ file }) => file);
}

/** Files that are not there, or are no plain files. */
export async function missingParts(folder: string, parts: readonly Part[]): Promise<string[]> {
  const found = await Promise.all(parts.map(({ file }) => looksOf(join(folder, file))));
  return parts.filter((_, at) => found[at]?.size === undefined).map(({ file }) => file);
}

/** Files whose content has changed. */
export async function damagedParts(folder: string, parts: readonly Part[]): Promise<string[]> {
  const damaged: string[] = [];
  for (const { file, hash } of parts) {
    const path = join(folder, file);
    const { size } = await looksOf(path);
    if (size === undefined || (await sparseHashOf(path)) !== hash) damaged.push(file);
  }
  return damaged;
}

/** Size and date of a file; nothing of what is not there, or is no plain file. */
async function looksOf(path: string): Promise<{ size?: number; changed?: number }> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() ? { size: found.size, changed: found.mtimeMs } : {};
}
