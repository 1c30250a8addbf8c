import {
  type InstructionFigures,
  instructionFigures,
  measuredParts,
  parseCalls,
  ruler,
  type TracedCall,
  tracingCost,
} from '../comparison/instructions.ts';
import { ScriptError } from '../errors.ts';
import { nodesOf, type PlannedNode, type PlannedService } from '../plan/plan.ts';
import { shellQuote } from '../render/shell-quote.ts';
import { sendRequests } from './request.ts';
import type { Tracking } from './tracking.ts';

/**
 * Counts the instructions of the first director's kernel while it passes requests of ordinary pages on. The machines' clock must
 * count instructions.
 * @throws ScriptError where the kernel cannot trace calls
 */
export async function countInstructions(
  tracking: Tracking,
  service: PlannedService,
  requests: number,
): Promise<InstructionFigures[]> {
  const [director] = nodesOf(tracking.plan, 'director');
  if (!director) return [];
  const node = director.name;
  const cost = tracingCost(await callsOf(tracking, director, [ruler]));
  if (cost === undefined) {
    throw new ScriptError(`the trace has no call of ${ruler}`, { node, step: 'tracking/calls-start' });
  }
  // The first request fills caches, such as that of neighbours.
  await sendRequests(tracking, service, 1);
  const figures: InstructionFigures[] = [];
  for (const { part, functions } of measuredParts) {
    const calls = await callsOf(tracking, director, functions, () => sendRequests(tracking, service, requests));
    figures.push(instructionFigures(part, calls, { requests, cost }));
  }
  return figures;
}

/** The calls of some functions for packets of the lab, while something is done. Without it the ruler is called. */
async function callsOf(
  { run }: Tracking,
  { name: node, nics }: PlannedNode,
  functions: readonly string[],
  work?: () => Promise<unknown>,
): Promise<TracedCall[]> {
  let trace = '';
  try {
    await run(node, 'tracking/calls-start', {
      node,
      nics,
      functions: functions.map(shellQuote).join(' '),
      ruler: work === undefined,
    });
    await work?.();
  } finally {
    trace = await run(node, 'tracking/calls-stop', { node });
  }
  return parseCalls(trace);
}
