import type { Plan } from '../plan/plan.ts';

/** What one job needs of a computer. */
export interface Needs {
  /** MiB of memory at most. */
  memory: number;
  /** Cores that it keeps busy. */
  cores: number;
  /** Minutes after which a queue may take it for one that hangs. */
  minutes: number;
}

/** MiB for the command itself and the switches. */
const besideMachines = 256;

/** A machine keeps half a core busy where it is emulated; a lab with more of them takes longer. */
const mostCores = 4;

/**
 * What a lab needs.
 * @param rounds how often it is brought up at most
 */
export function needsOf({ nodes, memory }: Pick<Plan, 'nodes' | 'memory'>, rounds: number): Needs {
  return {
    memory: nodes.length * memory + besideMachines,
    cores: Math.min(mostCores, Math.ceil(nodes.length / 2)),
    // A lab of four machines takes eight seconds on a slow computer (docs/benchmarks.md). The first one makes the image.
    minutes: 10 + nodes.length * rounds,
  };
}

/** Enough for each of several. */
export function largestOf(all: readonly Needs[]): Needs {
  const most = (of: (one: Needs) => number) => all.reduce((sofar, one) => Math.max(sofar, of(one)), 0);
  return { memory: most((one) => one.memory), cores: most((one) => one.cores), minutes: most((one) => one.minutes) };
}

/** How many jobs a computer can do at once; one at least. */
export function widthOf(needs: Needs, { memory, cores }: { memory: number; cores: number }): number {
  return Math.max(1, Math.floor(Math.min(memory / needs.memory, cores / needs.cores)));
}
