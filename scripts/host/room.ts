import { readFile, stat, statfs } from 'node:fs/promises';
import { MissingPartError } from '../errors.ts';

/**
 * Says before something begins that it would not fit, instead of after minutes that it did not.
 * @param takes MiB by folder; those on one disk must fit together
 * @throws MissingPartError
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
    throw new MissingPartError(`${what} takes ${mib} MiB in ${folders.join(' and ')}, where ${free} are free`, {
      tryThis: 'lab image prune, which removes what is out of date; df -h shows the rest',
    });
  }
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

/** MiB that can be had, with swap, in which an idle machine may well lie: proc_meminfo(5). */
export function availableMemory(meminfo: string): number | undefined {
  const kib = (name: string) => new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(meminfo)?.[1];
  const available = kib('MemAvailable');
  return available === undefined ? undefined : Math.floor((Number(available) + Number(kib('SwapFree') ?? 0)) / 1024);
}
