import { link, open, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ProviderError, UsageError } from '../errors.ts';
import { run } from '../host/exec.ts';
import { removeTree } from '../host/files.ts';
import { problemOf } from '../host/given-file.ts';
import { shortPath } from '../host/lab-files.ts';
import type { Place } from '../host/paths.ts';
import { requireDisk } from '../host/room.ts';
import { imprint, parseCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { replaceByDifference } from './difference.ts';
import { damagedParts, missingParts, withDates } from './parts.ts';
import type { Checkpoint, Part } from './schema.ts';
import { keepDraft, makeDraft, outside } from './store.ts';

/** What the name of a checkpoint's file ends with. */
export const ending = '.lvslab';

/**
 * Writes a checkpoint to one file, and uses up its folder: a tar archive, compressed with gzip. Its first member is checkpoint.json, so
 * that a reader can tell at once whether the rest is of use. Of all memories but the first it has the difference from that one.
 * @throws UsageError when there is such a file by now: none is overwritten
 */
export async function packCheckpoint(folder: string, { id, parts }: Checkpoint, file: string): Promise<void> {
  await changeMemories(folder, parts);
  const draft = `${file}.${id}.draft`;
  await symlink(draft, join(folder, outside)); // the next command removes it if this one is killed
  try {
    await (await open(draft, 'wx', 0o600)).close();
    await run('tar', [
      ...['--create', '--sparse', '--use-compress-program=gzip -1', '--force-local', '--file', draft],
      ...['--directory', folder, '--owner=0', '--group=0', '--mode=0600', '--', imprint],
      ...parts.map((part) => part.file),
    ]);
    await giveName(draft, file);
  } finally {
    await removeTree(draft);
  }
}

/** Gives a draft its name in one step, unless another file has that. */
async function giveName(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw alreadyThere(file);
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes(code)) throw error;
    await reserve(file); // a file system without links
    await rename(draft, file);
  }
}

async function reserve(file: string): Promise<void> {
  try {
    await (await open(file, 'wx', 0o600)).close();
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? alreadyThere(file) : error;
  }
}

export function alreadyThere(file: string): UsageError {
  return new UsageError(`--to ${shortPath(file)}: there is such a file, and it is not overwritten`);
}

/** Turns all memories but the first into differences from it, or back. */
async function changeMemories(folder: string, parts: readonly Part[]): Promise<void> {
  const [first, ...others] = parts.map(({ file }) => file).filter((file) => file.endsWith('.memory'));
  for (const file of others) await replaceByDifference(join(folder, file), join(folder, first ?? ''));
}

/** What a file holds, without unpacking the rest. @throws UsageError when there is none, ProviderError for any other file */
export async function readPacked(file: string): Promise<Checkpoint> {
  const name = shortPath(file);
  await requireFile(file);
  const args = ['--extract', '--gzip', '--to-stdout', '--occurrence=1', '--force-local', '--file', file, '--', imprint];
  const { stdout } = await run('tar', args, { anyExitCode: true });
  const { checkpoint, why } = parseCheckpoint(stdout);
  if (checkpoint) return checkpoint;
  throw new ProviderError(`${name} is not the file of a checkpoint that this kit can load`, {
    cause: why,
    tryThis: 'lvs-lab as it was where the file was saved, or a new copy of the file',
  });
}

/** @throws UsageError when it cannot be read */
async function requireFile(file: string): Promise<void> {
  const problem = await problemOf(file);
  if (problem) throw new UsageError(`${shortPath(file)}: ${problem}`);
}

/**
 * Unpacks a file's checkpoint into the cache.
 * @throws ProviderError when its content is not what was saved, MissingPartError when there is no room
 */
export async function unpackCheckpoint(
  place: Place,
  file: string,
  checkpoint: Checkpoint,
): Promise<{ folder: string; checkpoint: Checkpoint }> {
  const { draft } = await makeDraft(place);
  // Beside all files one memory, while it is made of its difference.
  const needed = Math.ceil(checkpoint.occupied / 2 ** 20) + checkpoint.plan.memory;
  await requireDisk({ [draft]: needed }, `unpacking ${shortPath(file)}`);
  const names = checkpoint.parts.map((part) => part.file);
  await run(
    'tar',
    ['--extract', '--gzip', '--force-local', '--file', file, '--directory', draft, '--no-same-owner', '--', ...names],
    { anyExitCode: true }, // what is missing is named below
  );
  const blame = (damaged: readonly string[]) => {
    if (damaged.length === 0) return;
    throw new ProviderError(`${shortPath(file)} was damaged: ${damaged.join(', ')}`, {
      tryThis: 'copy it again from where it was saved',
    });
  };
  blame(await missingParts(draft, checkpoint.parts));
  await changeMemories(draft, checkpoint.parts);
  blame(await damagedParts(draft, checkpoint.parts));
  const here = { ...checkpoint, parts: await withDates(draft, checkpoint.parts) };
  await writeCheckpoint(draft, here);
  return { folder: await keepDraft(place, draft, here), checkpoint: here };
}
