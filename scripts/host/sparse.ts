// Memories and disks of machines are mostly zeros: holes in a sparse file.

import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

const pageSize = 4096;
const noContent = Buffer.alloc(pageSize);

/**
 * A SHA-256 in hex over the pages of a file that are not all zeros, each run of them behind its place, and over the file's size. To
 * hash the zeros as well would take longer than everything else. A file that is missing, or that its disk
 * cannot read, gives an empty string.
 */
export async function sparseHashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    const file = await open(path);
    try {
      const chunk = Buffer.alloc(2 ** 20);
      let at = 0;
      for (;;) {
        const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
        if (bytesRead === 0) break;
        for (const [from, to] of filledRuns(chunk.subarray(0, bytesRead))) {
          hash.update(`${at + from}\0`).update(chunk.subarray(from, to));
        }
        at += bytesRead;
      }
      return hash.update(`size ${at}`).digest('hex');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (['ENOENT', 'EIO'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}

/** Where pages that are not all zeros begin and end, in bytes. */
export function* filledRuns(bytes: Buffer): Generator<[from: number, to: number]> {
  let from = -1;
  for (let at = 0; at < bytes.length; at += pageSize) {
    const end = Math.min(at + pageSize, bytes.length);
    const empty = bytes.compare(noContent, 0, end - at, at, end) === 0;
    if (!empty && from < 0) from = at;
    if (empty && from >= 0) {
      yield [from, at];
      from = -1;
    }
  }
  if (from >= 0) yield [from, bytes.length];
}
