import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../../scripts/host/files.ts';

/** Works in a fresh folder, which is removed at the end however that comes. */
export async function inFreshFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'lab-bench-')));
  try {
    return await work(folder);
  } finally {
    await removeTree(folder);
  }
}
