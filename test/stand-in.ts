import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A program of this name that comes before the real one for this process, with a cache folder of its own: for what the real
 * one does only on another computer, or only when it breaks.
 * @param text a shell script
 * @returns the folder that it lies in
 */
export async function standIn(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-stand-in-'));
  await writeFile(join(folder, name), `#!/bin/sh\n${text}`);
  await chmod(join(folder, name), 0o755);
  process.env.PATH = `${folder}:${process.env.PATH}`;
  process.env.XDG_CACHE_HOME = join(folder, 'cache');
  return folder;
}
