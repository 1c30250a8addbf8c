import { realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { exists } from './files.ts';

/** Full path of a program on PATH. The folders of root's programs are searched too, even if they are not on PATH. */
export async function which(program: string): Promise<string | undefined> {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']) {
    const path = join(folder, program);
    if (folder && (await exists(path))) return realpath(path);
  }
  return undefined;
}
