import { availableParallelism, loadavg } from 'node:os';

/** However busy, six times: a machine that hangs must be given up some time. */
const most = 6;

/**
 * A deadline that does on an idle computer, in milliseconds, made longer where there is more work than cores: once a class
 * has started its labs at the same time, each has a small share of a core. The load is of the last minute, proc_loadavg(5): who
 * waits long asks again.
 */
export function patient(deadlineMs: number): number {
  const [load = 0] = loadavg();
  return Math.round(deadlineMs * Math.min(most, Math.max(1, load / availableParallelism())));
}
