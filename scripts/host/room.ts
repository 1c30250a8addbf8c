import { readFile, statfs } from 'node:fs/promises';
import { MissingPartError } from '../errors.ts';

/**
 * Says before something begins that it would not fit, instead of after minutes that it did not.
 * @param mib what it takes in this folder, in MiB
 * @throws MissingPartError
 */
export async function requireDisk(folder: string, mib: number, what: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = Math.floor((bavail * bsize) / 2 ** 20);
  if (free >= mib) return;
  throw new MissingPartError(`${what} takes ${mib} MiB in ${folder}, where ${free} are free`, {
    tryThis: 'lab image prune, which removes what is out of date; df -h shows the rest',
  });
}

/**
 * @param mib what it takes at least, in MiB
 * @throws MissingPartError
 */
export async function requireMemory(mib: number, what: string): Promise<void> {
  const free = availableMemory(await readFile('/proc/meminfo', 'utf8'));
  if (free === undefined || free >= mib) return;
  throw new MissingPartError(`${what} takes at least ${mib} MiB of memory, of which ${free} are free`, {
    cause: 'other labs, or other programs',
    tryThis: 'lab status, then lab down for what is not needed; or fewer real servers',
  });
}

/** MemAvailable, in MiB: what can be had without swapping (proc_meminfo(5)). */
export function availableMemory(meminfo: string): number | undefined {
  const kib = /^MemAvailable: +(\d+) kB$/m.exec(meminfo)?.[1];
  return kib === undefined ? undefined : Math.floor(Number(kib) / 1024);
}
