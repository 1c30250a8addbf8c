import { readFile } from 'node:fs/promises';

/** CPU time of a process in seconds, user and system. */
export interface CpuTime {
  own: number;
  /** Of its children that have ended, and of theirs. */
  children: number;
}

/** USER_HZ, the unit of times in /proc: 100 in every Linux that people run. */
const ticksPerSecond = 100;

/** @param stat `/proc/PID/stat`, proc(5): the name in brackets may contain anything */
export function cpuTimeIn(stat: string): CpuTime {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15).map(Number);
  return { own: (user + system) / ticksPerSecond, children: (childrenUser + childrenSystem) / ticksPerSecond };
}

/** Undefined when there is no such process. */
export async function cpuTimeOf(pid: number | 'self'): Promise<CpuTime | undefined> {
  return readFile(`/proc/${pid}/stat`, 'utf8').then(cpuTimeIn, () => undefined);
}

/** What a lab's machines have used, by PID. */
export type MachineTimes = ReadonlyMap<number, number>;

/**
 * What machines used between two looks. Those that a command has both started and ended count among its children.
 * Undefined where no machine was seen: they are another's, as libvirt's, and cannot be counted.
 */
export function machineTime(before: MachineTimes, after: MachineTimes): number | undefined {
  if (before.size + after.size === 0) return undefined;
  return [...after].reduce((sum, [pid, used]) => sum + used - (before.get(pid) ?? 0), 0);
}
