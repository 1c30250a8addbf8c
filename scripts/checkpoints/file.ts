import { copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ProviderError, UsageError } from '../errors.ts';
import { run } from '../host/exec.ts';
import { exists, removeTree } from '../host/files.ts';
import { shortPath } from '../host/lab-files.ts';
import type { Place } from '../host/paths.ts';
import { requireDisk } from '../host/room.ts';
import { parseState } from '../host/state-file.ts';
import { type Checkpoint, imprint, version, writeCheckpoint } from './checkpoint.ts';
import { replaceByDifference } from './difference.ts';
import { damagedParts, missingParts, type Part, withDates } from './parts.ts';
import { requirePlain } from './plain.ts';
import { keepDraft, makeDraft } from './store.ts';

/** What the name of a checkpoint's file ends with. */
export const ending = '.lvslab';

/**
 * Writes a checkpoint to one file, and uses up its folder: a tar archive, compressed with gzip. Its first member is checkpoint.json, so
 * that a reader can tell at once whether the rest is of use. Of all memories but the first it has the difference from that one.
 */
export async function packCheckpoint(folder: string, { parts, occupied }: Checkpoint, file: string): Promise<void> {
  await requireDisk({ [folder]: Math.ceil(occupied / 2 ** 20) }, `packing ${shortPath(file)}`);
  const archive = join(folder, 'packed');
  await changeMemories(folder, parts);
  await run('tar', [
    ...['--create', '--sparse', '--use-compress-program=gzip -1', '--file', archive, '--directory', folder],
    ...['--owner=0', '--group=0', '--mode=0600', '--', imprint, ...parts.map((part) => part.file)],
  ]);
  await moveFile(archive, file);
}

/** Turns all memories but the first into differences from it, or back. */
async function changeMemories(folder: string, parts: readonly Part[]): Promise<void> {
  const [first, ...others] = parts.map(({ file }) => file).filter((file) => file.endsWith('.memory'));
  for (const file of others) await replaceByDifference(join(folder, file), join(folder, first ?? ''));
}

async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const draft = `${to}.draft`;
    try {
      await copyFile(from, draft);
      await rename(draft, to);
    } finally {
      await removeTree(draft);
    }
  }
}

/** What a file holds, without unpacking the rest. @throws UsageError when there is none, ProviderError for any other file */
export async function readPacked(file: string): Promise<Checkpoint> {
  if (!(await exists(file))) throw new UsageError(`${shortPath(file)}: there is no such file`);
  const args = ['--extract', '--gzip', '--to-stdout', '--occurrence=1', '--file', file, '--', imprint];
  const { stdout } = await run('tar', args, { anyExitCode: true });
  const found = parseState<Checkpoint>(stdout);
  const name = shortPath(file);
  if (!found) {
    throw new ProviderError(`${name} is not the file of a checkpoint, or was damaged`, {
      tryThis: 'copy it again from where it was saved',
    });
  }
  if (found.version !== version) {
    throw new ProviderError(`${name} was made by another version of lvs-lab`, {
      cause: `it is version ${found.version} of such files, and this kit reads version ${version}`,
    });
  }
  requirePlain(found, name);
  return found;
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
  await requireDisk({ [draft]: Math.ceil(checkpoint.occupied / 2 ** 20) }, `unpacking ${shortPath(file)}`);
  const names = checkpoint.parts.map((part) => part.file);
  await run(
    'tar',
    ['--extract', '--gzip', '--file', file, '--directory', draft, '--no-same-owner', '--', ...names],
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
  const { file: elsewhere, ...plan } = checkpoint.plan; // the path of the lab file on another computer
  const here = { ...checkpoint, plan, parts: await withDates(draft, checkpoint.parts) };
  await writeCheckpoint(draft, here);
  return { folder: await keepDraft(place, draft, here), checkpoint: here };
}
