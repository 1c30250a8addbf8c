import type { IpvsCounters } from '../ipvs/parse.ts';
import type { Followed } from '../path/followed.ts';
import { nodesOf, type Plan } from '../plan/plan.ts';
import { type Amount, amountsOf, both, nothing, type RequestAmounts, type Spread, spreadOf } from './amounts.ts';
import type { InstructionFigures } from './instructions.ts';
import { type Rewriting, rewritingOf } from './rewritten.ts';

/** The kinds of requests, in the order of the report. */
export const loads = ['page', 'download', 'upload'] as const;
export type Load = (typeof loads)[number];

/** Bytes of the answer of a download, and of the request of an upload. */
export const largeBytes = 20_000;

/** What was seen of the requests of one kind in one lab. */
export interface Seen {
  load: Load;
  /** Each request that was answered. */
  requests: Followed[];
  /** Requests that were not. */
  failed: number;
  /** IPVS's counters, over all directors, before the first request and after the last. */
  before: IpvsCounters;
  after: IpvsCounters;
  /** Entries of the connection table that the requests made. */
  entries: number;
}

export interface LoadFigures {
  load: Load;
  requests: number;
  failed: number;
  /** Per request. Into the directors and out of them, request and answer together; null if no request was answered. */
  director: { in: AmountSpread; out: AmountSpread } | null;
  /** Per request, of all packets on a network. */
  networks: { network: string; packets: Spread; bytes: Spread }[];
  /** All requests together: what IPVS counted of requests and of answers, and what came to the directors on the networks. */
  counted: { ipvs: Record<'there' | 'back', Amount>; frames: Record<'there' | 'back', Amount> };
  connections: number;
  entries: number;
}

interface AmountSpread {
  packets: Spread;
  bytes: Spread;
}

export interface MethodFigures {
  lab: string;
  title: string;
  /** What the directors do to packets of requests and of answers; null where none goes through a director. */
  rewritten: { there: Rewriting | null; back: Rewriting | null };
  /** Bytes that the kernel takes for an entry of the connection table; null where it does not say. */
  entryBytes: number | null;
  /** Of the director's kernel, for ordinary pages; null where they were not counted. */
  instructions: InstructionFigures[] | null;
  loads: LoadFigures[];
}

/** Reduces what was seen in a lab to its figures. */
export function methodFigures(
  plan: Plan,
  seen: readonly Seen[],
  { entryBytes, instructions }: Pick<MethodFigures, 'entryBytes' | 'instructions'>,
): MethodFigures {
  const directors = nodesOf(plan, 'director').map(({ name }) => name);
  const all = seen.flatMap(({ requests }) => requests);
  return {
    lab: plan.lab,
    title: plan.title,
    rewritten: {
      there: rewritingOf(all, directors, 'there') ?? null,
      back: rewritingOf(all, directors, 'back') ?? null,
    },
    entryBytes,
    instructions,
    loads: seen.map((one) => loadFigures(one, directors)),
  };
}

function loadFigures(seen: Seen, directors: readonly string[]): LoadFigures {
  const { load, requests, failed, before, after, entries } = seen;
  const each = requests.map((request) => amountsOf(request, directors));
  const networks = [...new Set(each.flatMap((one) => Object.keys(one.networks)))];
  const sum = (of: (one: RequestAmounts) => Amount) => each.map(of).reduce(both, nothing());
  return {
    load,
    requests: requests.length,
    failed,
    director: each.length === 0 ? null : directorSpreads(each),
    networks: networks.map((network) => ({
      network,
      ...spreads(each.map((one) => one.networks[network] ?? nothing())),
    })),
    counted: {
      ipvs: {
        there: { packets: after.inPackets - before.inPackets, bytes: after.inBytes - before.inBytes },
        back: { packets: after.outPackets - before.outPackets, bytes: after.outBytes - before.outBytes },
      },
      frames: { there: sum(({ into }) => into.there), back: sum(({ into }) => into.back) },
    },
    connections: after.connections - before.connections,
    entries,
  };
}

function directorSpreads(each: readonly RequestAmounts[]): NonNullable<LoadFigures['director']> {
  return {
    in: spreads(each.map(({ into }) => both(into.there, into.back))),
    out: spreads(each.map(({ outOf }) => both(outOf.there, outOf.back))),
  };
}

function spreads(amounts: readonly Amount[]): AmountSpread {
  return {
    packets: spreadOf(amounts.map(({ packets }) => packets)),
    bytes: spreadOf(amounts.map(({ bytes }) => bytes)),
  };
}
