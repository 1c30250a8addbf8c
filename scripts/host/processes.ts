import { readdir, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Effort } from './patience.ts';
import { machineOwners } from './user.ts';
import { waitFor } from './wait.ts';

export interface OwnProcess {
  pid: number;
  argv: string[];
}

/** What a lab is made of; whoever else names one of its files, an editor or a shell, is none of the kit's business. */
const machinery = ['qemu-system-x86_64', 'vde_switch'];

/**
 * This user's processes, and those of root's machines, of these programs with `marker` in one of their arguments. The
 * process table is the only record of what runs: a number in a file could by now be somebody else's process.
 */
export async function findProcesses(marker: string, programs: readonly string[] = machinery): Promise<OwnProcess[]> {
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
    return undefined; // ended while we looked
  }
}

/**
 * Ends processes found by findProcesses, at once: throwaway machines have nothing to save, and their sockets are
 * removed by whoever starts the next or takes the folder away. Returns when they are gone.
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
    // It ended by itself.
  }
}

/** Memory that only this process uses, in MiB: Private_* of smaps_rollup, proc(5). */
export async function privateMemory(pid: number): Promise<number | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kib = [...text.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].reduce((sum, match) => sum + Number(match[1]), 0);
    return Math.round(kib / 1024);
  } catch {
    return undefined;
  }
}

/**
 * Time that a process ran, or waited for a CPU: the first two fields of its threads' schedstat (sched-stats.rst), in nanoseconds.
 * The kernel adds a wait for a CPU only when it ends, so a thread that wants one now (state R), or waits for a disk (D), counts
 * as working since the last look.
 */
export function effortOf(pid: number): Effort {
  let last: { at: number; counted: number } | undefined;
  let sofar = 0;
  return async () => {
    try {
      const threads = await readdir(`/proc/${pid}/task`);
      const looks = await Promise.allSettled(threads.map((thread) => inspectThread(`/proc/${pid}/task/${thread}`)));
      // A thread may end while one looks.
      const seen = looks.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
      if (seen.length === 0) return undefined; // this kernel does not tell
      const at = performance.now();
      const counted = seen.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0) / 1e6;
      const { at: before, counted: known } = last ?? { at, counted };
      const wanting = seen.some(({ state }) => state === 'R' || state === 'D');
      sofar += Math.max(counted - known, wanting ? at - before : 0);
      last = { at, counted };
      return sofar;
    } catch {
      return undefined; // it has ended
    }
  };
}

async function inspectThread(folder: string): Promise<{ nanoseconds: number; state: string | undefined }> {
  const [times, status] = await Promise.all([
    readFile(`${folder}/schedstat`, 'utf8'),
    readFile(`${folder}/stat`, 'utf8'),
  ]);
  const [running = 0, waiting = 0] = times.split(' ').map(Number);
  // Behind the program's name, which may hold anything.
  return { nanoseconds: running + waiting, state: status.slice(status.lastIndexOf(')') + 2)[0] };
}
