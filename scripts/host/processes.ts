import { readdir, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { machineOwners } from './user.ts';
import { waitFor } from './wait.ts';

export interface OwnProcess {
  pid: number;
  argv: string[];
}

/** The programs of a lab. Other programs with one of its files as argument, such as an editor or a shell, are not touched. */
const labPrograms = ['qemu-system-x86_64', 'vde_switch', 'wirefilter'];

/**
 * Processes of these programs that have `marker` in one of their arguments: this user's, and for root also those of machines
 * that run as nobody. The process table is the only record of what runs; a number in a file may belong to another process by now.
 */
export async function findProcesses(marker: string, programs: readonly string[] = labPrograms): Promise<OwnProcess[]> {
  const owners = machineOwners();
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => inspect(Number(pid), owners)));
  return found.filter((one): one is OwnProcess => {
    return (
      one !== undefined &&
      programs.includes(basename(one.argv[0] ?? '')) &&
      one.argv.some((argument) => argument.includes(marker))
    );
  });
}

async function inspect(pid: number, owners: readonly number[]): Promise<OwnProcess | undefined> {
  if (pid === process.pid) return undefined;
  try {
    if (!owners.includes((await stat(`/proc/${pid}`)).uid)) return undefined;
    const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
    return argv.length > 0 ? { pid, argv } : undefined;
  } catch {
    return undefined; // it has just ended
  }
}

/**
 * Kills processes found by findProcesses and returns when they are gone. Throwaway machines have nothing to save. Their sockets
 * are removed by the code that starts the next ones, or that removes the folder.
 */
export async function endProcesses(processes: readonly OwnProcess[]): Promise<void> {
  await Promise.all(processes.map(endProcess));
}

async function endProcess({ pid, argv }: OwnProcess): Promise<void> {
  const owners = machineOwners();
  const same = async () => (await inspect(pid, owners))?.argv.join('\0') === argv.join('\0');
  if (!(await same())) return;
  signal(pid, 'SIGKILL');
  await waitFor(async () => ((await same()) ? undefined : true), {
    what: `end of process ${pid}`,
    deadlineMs: 60_000,
    everyMs: 5,
  });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}

/** Memory in MiB that no other process shares: Private_* of smaps_rollup, proc(5). */
export async function privateMemory(pid: number): Promise<number | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kib = [...text.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].reduce((sum, match) => sum + Number(match[1]), 0);
    return Math.round(kib / 1024);
  } catch {
    return undefined;
  }
}
