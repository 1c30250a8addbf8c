import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ProviderError } from '../errors.ts';
import { run } from '../host/exec.ts';
import { exists } from '../host/files.ts';
import type { Place } from '../host/paths.ts';

/** What of a lab's folder belongs to a checkpoint, beside the plan and the disks. The rest is made anew. */
const kept = ['scripts', 'logs', 'console', 'events.jsonl', 'report.json'];

function archiveIn(folder: string): string {
  return join(folder, 'run.tar');
}

export async function saveRunFiles(place: Place, folder: string): Promise<void> {
  const there: string[] = [];
  for (const name of kept) if (await exists(join(place.folder, name))) there.push(name);
  const args = ['--create', '--file', archiveIn(folder), '--directory', place.folder, '--', ...there];
  // 1: a file has changed meanwhile, as a console does.
  const { code, stderr } = await run('tar', args, { anyExitCode: true });
  if (code > 1) throw new ProviderError('tar could not read the lab’s folder', { tail: stderr });
}

/** @throws ProviderError when the archive has anything but files and folders in it */
export async function loadRunFiles(place: Place, folder: string): Promise<void> {
  const args = [
    '--extract',
    '--file',
    archiveIn(folder),
    '--directory',
    place.folder,
    '--no-same-owner',
    '--',
    ...kept,
  ];
  // 2: one of them is not there, as the report of a lab that was never verified.
  await run('tar', args, { anyExitCode: true });
  const entries = await readdir(place.folder, { recursive: true, withFileTypes: true });
  const odd = entries.find((one) => !one.isFile() && !one.isDirectory());
  if (odd) throw new ProviderError(`the checkpoint has something in it that is no file: ${odd.name}`);
}
