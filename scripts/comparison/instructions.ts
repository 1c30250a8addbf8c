import { type Spread, spreadOf } from './amounts.ts';

/** Nanoseconds of the guest's clock for one instruction: 2^2, as `-icount shift=2` sets it. */
const instructionNs = 4;

/** Functions whose calls are measured together. None of them calls another one of the same part, except to return at once. */
export interface Measured {
  part: InstructionPart;
  /** Names and patterns for set_ftrace_filter. Kernels differ, and each has some of them. */
  functions: readonly string[];
}

/** requests: IPVS's hook with all that it calls, so that scheduling and sending are a part of it. answers: the hook that looks for answers. */
export type InstructionPart = 'requests' | 'answers' | 'scheduling' | 'sending';

/** Hooks of net/netfilter/ipvs/ip_vs_core.c (ip_vs_in and ip_vs_out before Linux 5.16), and what they call. */
export const measuredParts: readonly Measured[] = [
  { part: 'requests', functions: ['ip_vs_in_hook', 'ip_vs_in'] },
  { part: 'answers', functions: ['ip_vs_out_hook', 'ip_vs_out'] },
  { part: 'scheduling', functions: ['ip_vs_schedule'] },
  { part: 'sending', functions: ['ip_vs_*_xmit', 'ip_vs_*_xmit_v6'] },
];

/** Reads /dev/null (drivers/char/mem.c): it returns 0 and does nothing else. */
export const ruler = 'read_null';

/** Instructions of the ruler: endbr64, the call of ftrace, xor, ret. */
const rulerInstructions = 4;

/** A call as function_graph shows it. */
export interface TracedCall {
  function: string;
  nanoseconds: number;
}

/** What a part costs the director, over all requests of a measurement. */
export interface InstructionFigures {
  part: InstructionPart;
  /** Those that were called. */
  functions: string[];
  /** Calls per request. */
  calls: number;
  /** Instructions of a call; null without any. */
  call: Spread | null;
  /** Instructions per request. */
  request: number;
}

/**
 * Reads a trace of function_graph with `funcgraph-tail`: ` 0)   2.864 us    |  read_null();`, and for a call that other lines
 * interrupt a line that ends with the name in a comment (Documentation/trace/ftrace.rst).
 */
export function parseCalls(trace: string): TracedCall[] {
  return [...trace.matchAll(/([\d.]+) us +\| +(?:\} \/\* )?(\w+)(?: \[\w+\])?(?:\(\);| \*\/)/g)].map(
    ([, microseconds, name = '']) => ({ function: name, nanoseconds: Math.round(Number(microseconds) * 1000) }),
  );
}

/**
 * The instructions that tracing adds to a call.
 * @param calls of the ruler
 * @returns undefined where the ruler was not called
 */
export function tracingCost(calls: readonly TracedCall[]): number | undefined {
  const own = calls.filter((call) => call.function === ruler).map(instructionsOf);
  return own.length === 0 ? undefined : spreadOf(own).median - rulerInstructions;
}

/** @param cost the instructions that tracing adds to a call */
export function instructionFigures(
  part: InstructionPart,
  calls: readonly TracedCall[],
  { requests, cost }: { requests: number; cost: number },
): InstructionFigures {
  const each = calls.map((call) => instructionsOf(call) - cost);
  return {
    part,
    functions: [...new Set(calls.map((call) => call.function))].sort(),
    calls: calls.length / requests,
    call: each.length === 0 ? null : spreadOf(each),
    request: each.reduce((sum, one) => sum + one, 0) / requests,
  };
}

/** Instructions of IPVS's two hooks for a page; undefined where they were not counted. */
export function ipvsInstructions({ instructions }: { instructions?: InstructionFigures[] | null }): number | undefined {
  if (!instructions) return undefined;
  const hooks = instructions.filter(({ part }) => part === 'requests' || part === 'answers');
  return hooks.reduce((sum, { request }) => sum + request, 0);
}

function instructionsOf({ nanoseconds }: TracedCall): number {
  return nanoseconds / instructionNs;
}
