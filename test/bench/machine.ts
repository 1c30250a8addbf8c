import { availableParallelism, cpus } from 'node:os';

/** What figures were measured on. */
export function machine(): string {
  return `${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
}
