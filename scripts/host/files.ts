import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * Makes a folder that only its owner may enter, whatever the umask, and the folders above it. It makes them one by one: Node's
 * recursive mkdir reports a read-only file system as ENOENT, and below /proc it never returns.
 */
export async function makePrivateFolder(path: string): Promise<string> {
  try {
    await makeFolder(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    await makePrivateFolder(dirname(path));
    await makeFolder(path);
  }
  return path;
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
  }
}

/**
 * Writes a whole file or none: it writes a new file beside it, flushes that and renames it. By default only the owner may read
 * the file.
 */
export async function writeWhole(path: string, text: string | Buffer, mode = 0o600): Promise<void> {
  await makePrivateFolder(dirname(path));
  const draft = `${path}.${randomBytes(4).toString('hex')}.draft`;
  const file = await open(draft, 'wx', mode);
  try {
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }); // half a file would only fill a full disk
    throw error;
  }
}

export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

/** Bytes of each file, 0 for a missing one. */
export function sizesOf(paths: readonly string[]): Promise<number[]> {
  return Promise.all(paths.map(async (path) => (await stat(path).catch(() => ({ size: 0 }))).size));
}

/** Bytes that files occupy on disk: those with holes take less than their size. A missing one takes nothing. */
export async function occupied(paths: readonly string[]): Promise<number> {
  const blocks = await Promise.all(paths.map(async (path) => (await stat(path).catch(() => ({ blocks: 0 }))).blocks));
  return blocks.reduce((sum, count) => sum + count * 512, 0);
}

/** Bytes that it would give back to remove a folder: of files that have no other link. Another command may be removing it. */
export async function freedBy(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  const found = await Promise.all(files.map((file) => stat(join(folder, file)).catch(() => undefined)));
  return found.reduce((sum, one) => sum + (one?.isFile() && one.nlink === 1 ? one.blocks * 512 : 0), 0);
}

/** Bytes that all files in a folder occupy. */
export async function occupiedBy(folder: string): Promise<number> {
  return occupied((await readdir(folder, { recursive: true })).map((file) => join(folder, file)));
}

/** SHA-256 of each file's content, in hex. A file that is missing, or that its disk cannot read, gives an empty string. */
export function hashesOf(paths: readonly string[]): Promise<string[]> {
  return Promise.all(
    paths.map(async (path) => {
      const hash = createHash('sha256');
      try {
        await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
      } catch (error) {
        if (['ENOENT', 'EIO'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
        throw error;
      }
      return hash.digest('hex');
    }),
  );
}

export async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
