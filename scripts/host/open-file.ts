import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A path to the file that a process opened under `path`, whatever has become of that path since: it may lead to another file by
 * now, or to none. undefined when this user may not see which files it has open.
 */
export async function openFileOf(pid: number, path: string): Promise<string | undefined> {
  const folder = `/proc/${pid}/fd`;
  for (const fd of await readdir(folder).catch(() => [])) {
    const target = await readlink(join(folder, fd)).catch(() => '');
    if (target === path || target === `${path} (deleted)`) return join(folder, fd);
  }
  return undefined;
}
