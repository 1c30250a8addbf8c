import { readFile, stat, statfs } from 'node:fs/promises';
import { MissingPartError } from '../errors.ts';

/**
 * Checks that the disks have room for something that is about to begin.
 * @param takes MiB by folder; folders on one disk must fit together
 * @throws MissingPartError when there is less room
 */
export async function requireDisk(takes: Readonly<Record<string, number>>, what: string): Promise<void> {
  const disks = new Map<number, { folders: string[]; mib: number; free: number }>();
  for (const [folder, mib] of Object.entries(takes)) {
    const [{ dev }, { bavail, bsize }] = await Promise.all([stat(folder), statfs(folder)]);
    const disk = disks.get(dev) ?? { folders: [], mib: 0, free: Math.floor((bavail * bsize) / 2 ** 20) };
    disks.set(dev, { ...disk, folders: [...disk.folders, folder], mib: disk.mib + mib });
  }
  for (const { folders, mib, free } of disks.values()) {
    if (free >= mib) continue;
    throw new MissingPartError(`${what} needs ${mib} MiB in ${folders.join(' and ')}, where ${free} MiB are free`, {
      tryThis: 'lab image prune, which removes outdated images; df -h shows what else is full',
    });
  }
}

/**
 * Checks that there is memory for something that is about to begin.
 * @param mib the least that it needs
 * @throws MissingPartError when less is free
 */
export async function requireMemory(mib: number, what: string): Promise<void> {
  const free = availableMemory(await readFile('/proc/meminfo', 'utf8'));
  if (free === undefined || free >= mib) return;
  throw new MissingPartError(`${what} needs at least ${mib} MiB of memory, and ${free} MiB are free`, {
    cause: 'other labs or programs use it',
    tryThis: 'lab status, then lab down for labs that are not needed; or fewer real servers',
  });
}

/** MiB that are available, swap included, since an idle machine may be swapped out: proc_meminfo(5). */
export function availableMemory(meminfo: string): number | undefined {
  const kib = (name: string) => new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(meminfo)?.[1];
  const available = kib('MemAvailable');
  return available === undefined ? undefined : Math.floor((Number(available) + Number(kib('SwapFree') ?? 0)) / 1024);
}
