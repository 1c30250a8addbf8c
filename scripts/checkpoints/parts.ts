import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ProviderError } from '../errors.ts';
import { sparseHashOf } from '../host/sparse.ts';
import type { SavedFile } from '../providers/provider.ts';
import { archive } from './run-files.ts';
import type { Checkpoint, Part } from './schema.ts';

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

/**
 * Files that have another size than they had, or another date and another content. This is quick as a rule, and does not see a faulty
 * disk.
 */
export async function changedParts(folder: string, parts: readonly Part[]): Promise<string[]> {
  const found = await Promise.all(parts.map(({ file }) => looksOf(join(folder, file))));
  const resized = parts.filter(({ size }, at) => size !== found[at]?.size);
  const touched = parts.filter((part, at) => !resized.includes(part) && part.changed !== found[at]?.changed);
  return [...resized.map(({ file }) => file), ...(await damagedParts(folder, touched))];
}

/**
 * Refuses a checkpoint that lists other files than its machines have.
 * @param saved what the provider saves of these machines
 * @throws ProviderError
 */
export function requireParts({ lab, label, parts }: Checkpoint, saved: readonly SavedFile[]): void {
  const all = [...saved, { file: archive }];
  const odd = [
    ...parts.filter(({ file, size }) => !all.some((one) => one.file === file && (one.size ?? size) === size)),
    ...all.filter(({ file }) => !parts.some((part) => part.file === file)),
  ];
  if (odd.length === 0) return;
  throw new ProviderError(`the checkpoint ${label} of lab ${lab} has not the files of its machines`, {
    cause: `lvs-lab did not make it so: ${[...new Set(odd.map(({ file }) => file))].join(', ')}`,
  });
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
