import { randomBytes } from 'node:crypto';
import { chown, mkdir, readlink, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from '../../host/files.ts';
import type { Place } from '../../host/paths.ts';
import { nobody } from '../../host/user.ts';

/** Leads to the folder, so that the next command finds what a killed one has left. */
function linkOf(place: Place): string {
  return join(place.runtime, 'sockets');
}

/**
 * A folder for a socket to which the lab's machines connect. Those that root has started run as nobody, and cannot enter root's
 * folders. They get a folder of their own, with a name that nobody can guess and take before.
 */
export async function makeSocketFolder(place: Place, { forNobody }: { forNobody: boolean }): Promise<string> {
  if (!forNobody) return place.runtime;
  await removeSocketFolder(place);
  const folder = `/tmp/lvs-lab-sockets-${place.id}-${randomBytes(8).toString('hex')}`;
  await symlink(folder, linkOf(place));
  await mkdir(folder, { mode: 0o700 });
  await chown(folder, nobody, nobody);
  return folder;
}

export async function removeSocketFolder(place: Place): Promise<void> {
  const folder = await readlink(linkOf(place)).catch(() => undefined);
  if (folder === undefined) return;
  await removeTree(folder);
  await unlink(linkOf(place));
}
