import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, placeOf } from '../../scripts/host/paths.ts';
import { privateMemory } from '../../scripts/host/processes.ts';
import { LabCommand } from './lab.ts';

/** What a lab has of this computer. */
export interface Footprint {
  processes: number;
  /** Open files of these processes. */
  open: number;
  /** Files in the lab's folder, in its runtime folder, and in the cache. */
  files: number;
  /** MiB that belong to these processes alone. */
  memory: number;
}

/** Something grew. */
export class Grown extends Error {}

/** MiB by which all machines together may grow while they are looked at: a guest's page cache fills slowly. */
const memorySlack = 48;

/** QEMU's user network keeps the socket of a connection that was closed for a while: some of each machine. */
const openSlack = 40;

/**
 * Verifies one lab again and again.
 * @param say is told of each tenth
 * @throws Grown when processes or files become more, or memory grows beyond the slack after the first look
 */
export async function endure(times: number, say: (line: string) => void): Promise<[Footprint, Footprint]> {
  const lab = await LabCommand.inFreshFolder();
  const step = Math.max(1, Math.min(10, Math.floor(times / 5)));
  try {
    const { code, stderr } = await lab.run('run', 'dr');
    if (code !== 0) throw new Grown(`lab run dr: exit code ${code}\n${stderr}`);
    // Guests read for the first time what the checks need.
    await lab.run('verify', 'dr');
    const first = await footprintOf(lab);
    let last = first;
    for (let count = 1; count <= times; count++) {
      const { code, document, stderr } = await lab.json('verify', 'dr');
      if (code !== 0) {
        const failed = document.checks.filter(({ ok }) => !ok);
        throw new Grown(`${count}. lab verify dr: exit code ${code}\n${JSON.stringify(failed, null, 2)}\n${stderr}`);
      }
      if (count % step !== 0) continue;
      last = await footprintOf(lab);
      say(`${count}: ${words(last)}`);
      if (last.processes > first.processes || last.open > first.open + openSlack || last.files > first.files) {
        throw new Grown(`after ${count} times: ${words(first)} became ${words(last)}`);
      }
    }
    if (last.memory > first.memory + memorySlack) throw new Grown(`${words(first)} became ${words(last)}`);
    return [first, last];
  } finally {
    await lab.run('down', 'dr');
  }
}

export function words({ processes, open, files, memory }: Footprint): string {
  return `${processes} processes, ${open} open files, ${files} files, ${memory} MiB`;
}

async function footprintOf(lab: LabCommand): Promise<Footprint> {
  const processes = await lab.processes('dr');
  const place = placeOf('dr', lab.folder);
  const open = await Promise.all(processes.map(async ({ pid }) => (await readdir(`/proc/${pid}/fd`)).length));
  const folders = [place.folder, place.runtime, ...['images', 'keys', 'logs', 'probes', 'templates'].map(inCache)];
  const files = await Promise.all(folders.map(async (folder) => (await readdir(folder, { recursive: true })).length));
  const memory = await Promise.all(processes.map(({ pid }) => privateMemory(pid)));
  return {
    processes: processes.length,
    open: sum(open),
    files: sum(files),
    memory: sum(memory.map((mib) => mib ?? 0)),
  };
}

function inCache(name: string): string {
  return join(cacheFolder(), name);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
