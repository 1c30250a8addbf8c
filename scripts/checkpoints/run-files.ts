import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ProviderError } from '../errors.ts';
import { run } from '../host/exec.ts';
import { exists, makePrivateFolder, removeTree } from '../host/files.ts';
import type { Place } from '../host/paths.ts';

/** What of a lab's folder belongs to a checkpoint, beside the plan and the disks. The rest is made anew. */
const kept = ['scripts', 'logs', 'console', 'events.jsonl', 'report.json', 'state', 'broken.json'];

/** What others need not know: what the user of the lab has typed, and when. */
const personal = ['logs', 'events.jsonl'];

/** Its name in the folder of a checkpoint. */
export const archive = 'run.tar';

function archiveIn(folder: string): string {
  return join(folder, archive);
}

/** @param options.forOthers leaves out what is personal */
export async function saveRunFiles(place: Place, folder: string, { forOthers = false } = {}): Promise<void> {
  const there: string[] = [];
  const wanted = kept.filter((name) => !forOthers || !personal.includes(name));
  for (const name of wanted) if (await exists(join(place.folder, name))) there.push(name);
  const args = ['--create', '--file', archiveIn(folder), '--directory', place.folder, '--', ...there];
  // 1: a file has changed meanwhile, as a console does.
  const { code, stderr } = await run('tar', args, { anyExitCode: true });
  if (code > 1) throw new ProviderError('tar could not read the lab’s folder', { tail: stderr });
}

/**
 * Unpacks them beside the archive, which may come from anybody: a link in the lab's folder would let the next command write elsewhere.
 * @returns the folder that has them
 * @throws ProviderError when the archive has anything but files and folders in it, or is not whole
 */
export async function unpackRunFiles(folder: string): Promise<string> {
  const unpacked = join(folder, 'run');
  await removeTree(unpacked);
  await makePrivateFolder(unpacked);
  await run('tar', ['--extract', '--file', archiveIn(folder), '--directory', unpacked, '--no-same-owner']);
  const entries = await readdir(unpacked, { recursive: true, withFileTypes: true });
  const odd = entries.find((one) => !one.isFile() && !one.isDirectory());
  if (!odd) return unpacked;
  await removeTree(unpacked);
  throw new ProviderError(`the checkpoint has something in it that is no file: ${odd.name}`);
}

/** Copies what was unpacked to the lab's folder. */
export async function putRunFiles(unpacked: string, place: Place): Promise<void> {
  for (const name of kept) {
    const from = join(unpacked, name);
    if (await exists(from)) await cp(from, join(place.folder, name), { recursive: true });
  }
  await removeTree(unpacked);
}
