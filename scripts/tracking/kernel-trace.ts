import { mapParallel } from '../host/parallel.ts';
import { parseTrace, type Trace } from '../path/trace.ts';
import { tracedFunctions } from '../path/traced-functions.ts';
import type { PlannedNode } from '../plan/plan.ts';
import { connectWidth } from '../provision/provision.ts';
import { shellQuote } from '../render/shell-quote.ts';
import type { Tracking } from './tracking.ts';

/** A trace that runs on some nodes. */
export interface KernelTrace {
  /** Ends the trace, and returns what was traced. */
  read(): Promise<Trace[]>;
  /** Ends the trace where it still runs. */
  end(): Promise<void>;
}

/** Traces what the kernels of some nodes do with packets. A kernel without tracefs gives an empty trace. */
export async function traceKernels({ run }: Tracking, nodes: readonly PlannedNode[]): Promise<KernelTrace> {
  const functions = tracedFunctions.map(shellQuote).join(' ');
  let running: readonly PlannedNode[] = nodes;
  const read = async () => {
    const open = running;
    running = [];
    return mapParallel(open, connectWidth, async ({ name, nics }) => {
      return parseTrace(name, await run(name, 'tracking/trace-stop', { node: name, nics }));
    });
  };
  const end = async () => void (await read());
  try {
    await mapParallel(nodes, connectWidth, ({ name }) => run(name, 'tracking/trace-start', { node: name, functions }));
  } catch (error) {
    await end();
    throw error;
  }
  return { read, end };
}
