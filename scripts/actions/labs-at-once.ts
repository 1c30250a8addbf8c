import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { availableMemory } from '../host/room.ts';
import type { Plan } from '../plan/plan.ts';

/** MiB of a machine at its work: most of its memory is its template's, which all clones share. */
const machineMemory = 160;

/**
 * How many labs can run side by side: one for each core, because emulated machines that start keep a core busy, and no more than there
 * is memory for; at least one.
 */
export async function labsAtOnce(plans: readonly Plan[]): Promise<number> {
  const largest = Math.max(1, ...plans.map(({ nodes }) => nodes.length)) * machineMemory;
  const memory = availableMemory(await readFile('/proc/meminfo', 'utf8')) ?? largest;
  return Math.max(1, Math.min(availableParallelism(), Math.floor(memory / largest)));
}
