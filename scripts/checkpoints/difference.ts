import { type FileHandle, open, rename } from 'node:fs/promises';
import { filledRuns } from '../host/sparse.ts';

/**
 * Replaces a file by its difference from another one, byte by byte (exclusive or), with holes where both are the same. Done again it
 * gives the file back. Machines of a lab have most of their memory in common, so that differences are small.
 */
export async function replaceByDifference(path: string, base: string): Promise<void> {
  const draft = `${path}.difference`;
  const files: FileHandle[] = [];
  const opened = async (...args: Parameters<typeof open>) => {
    const file = await open(...args);
    files.push(file);
    return file;
  };
  try {
    const [from, other, to] = [await opened(path), await opened(base), await opened(draft, 'wx', 0o600)];
    await to.truncate((await from.stat()).size);
    const [bytes, theirs] = [Buffer.alloc(2 ** 20), Buffer.alloc(2 ** 20)];
    for (let at = 0; ; ) {
      const { bytesRead } = await from.read(bytes, 0, bytes.length, at);
      if (bytesRead === 0) break;
      const common = (await other.read(theirs, 0, bytesRead, at)).bytesRead;
      theirs.fill(0, common);
      combine(bytes, theirs);
      for (const [start, end] of filledRuns(bytes.subarray(0, bytesRead))) {
        await to.write(bytes, start, end - start, at + start);
      }
      at += bytesRead;
    }
  } finally {
    for (const file of files) await file.close();
  }
  await rename(draft, path);
}

/** Four bytes at a time. */
function combine(bytes: Buffer, theirs: Buffer): void {
  const words = (buffer: Buffer) => new Int32Array(buffer.buffer, buffer.byteOffset, buffer.length / 4);
  const [mine, other] = [words(bytes), words(theirs)];
  for (let at = 0; at < mine.length; at++) mine[at] = (mine[at] as number) ^ (other[at] as number);
}
