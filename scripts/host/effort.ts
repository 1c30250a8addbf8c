import { readdir, readFile } from 'node:fs/promises';
import type { Effort } from './patience.ts';

/**
 * The effort of a process: nanoseconds that its threads ran or waited for a CPU, the first two fields of schedstat
 * (sched-stats.rst in the kernel's documentation). The kernel adds a wait for a CPU only when it ends. So a thread that wants a
 * CPU now (state R), or waits for a disk (D), counts as working since the last reading.
 */
export function effortOf(pid: number): Effort {
  let last: { at: number; counted: number } | undefined;
  let sofar = 0;
  return async () => {
    try {
      const threads = await readdir(`/proc/${pid}/task`);
      const looks = await Promise.allSettled(threads.map((thread) => inspectThread(`/proc/${pid}/task/${thread}`)));
      // A thread may end between the two calls.
      const seen = looks.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
      if (seen.length === 0) return undefined; // this kernel does not count it
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
  // After the program's name in brackets, which may hold any character.
  return { nanoseconds: running + waiting, state: status.slice(status.lastIndexOf(')') + 2)[0] };
}
