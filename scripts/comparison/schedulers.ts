import {
  models,
  type Picks,
  type SimulatedConnection,
  type SimulatedServer,
  simulateBy,
} from '../ipvs/oracle/simulate.ts';
import { twosBy } from '../ipvs/oracle/two-choices.ts';
import { weightRange } from '../model/limits.ts';
import { schedulerWords } from '../model/schedulers.ts';
import type { Scheduler, SchedulerFlag } from '../model/words.ts';
import { generator } from '../random.ts';
import { addressText, drawLoad, type LoadOptions } from './load.ts';
import { variation } from './spread.ts';

export interface ComparedSchedulers extends LoadOptions {
  schedulers: readonly Scheduler[];
  /** Each scheduler takes those that begin with its name. */
  flags: readonly SchedulerFlag[];
  /** Of rs1, rs2, …, in the order in which they are added. */
  weights: readonly number[];
}

/** What can happen to the real servers of a service, in the order of the report. */
export const changes = ['leaves', 'joins', 'weight', 'drained'] as const;
export type Change = (typeof changes)[number];

/** Clients that come back after a change of the real servers. Only those count that had a real server before. */
export interface Moves {
  change: Change;
  /** They get another real server. */
  moved: number;
  /** They are refused. */
  refused: number;
  /** The fewest that any scheduler must move or refuse, so that each real server has as many connections as now. */
  needed: number;
}

export interface SchedulerFigures {
  scheduler: Scheduler;
  flags: SchedulerFlag[];
  /** Connections of each real server, in the order of the weights. */
  counts: number[];
  refused: number;
  /** Coefficient of variation of connections / weight, over the real servers whose weight is not 0. */
  imbalance: number;
  /** Connections of the busiest real server and of the idlest one, as multiples of their shares by weight. */
  busiest: number;
  idlest: number;
  /** Null for a scheduler that asks neither client nor VIP: no client has a real server of its own. */
  moves: Moves[] | null;
}

/** Computes for each scheduler how evenly it spreads a load, and how many clients change when the real servers do. */
export function compareSchedulers(options: ComparedSchedulers): SchedulerFigures[] {
  const load = drawLoad(options);
  const servers = serversOf(options.weights);
  return options.schedulers.map((scheduler) => {
    const flags = options.flags.filter((flag) => flag.startsWith(`${scheduler}-`));
    const pick = (changed: readonly SimulatedServer[]) => picksOf(scheduler, flags, changed, load, options.seed);
    const before = pick(servers);
    const moves = schedulerWords[scheduler].hashes
      ? changes.map((change) => ({ change, ...movesBetween(before, pick(changed(servers, change))) }))
      : null;
    return { scheduler, flags, ...balanceOf(servers, before), moves };
  });
}

/** The first real server has the address 10.0.0.1. */
function serversOf(weights: readonly number[]): SimulatedServer[] {
  return weights.map((weight, at) => serverAt(at, weight));
}

function serverAt(at: number, weight: number): SimulatedServer {
  return { name: `rs${at + 1}`, address: addressText(0x0a000001 + at), port: 80, weight };
}

function picksOf(
  scheduler: Scheduler,
  flags: readonly SchedulerFlag[],
  servers: readonly SimulatedServer[],
  load: readonly SimulatedConnection[],
  seed: number,
): Picks {
  const model = scheduler === 'twos' ? twosBy(generator(seed)) : models[scheduler];
  return simulateBy(model, { vip: '', flags, servers }, load);
}

/** The real servers after a change: rs1 goes, gets twice its weight or weight 0; one more comes, with the weight of rs1. */
function changed([first, ...others]: readonly SimulatedServer[], change: Change): SimulatedServer[] {
  if (!first) return [];
  const { weight } = first;
  switch (change) {
    case 'leaves':
      return others;
    case 'joins':
      return [first, ...others, serverAt(others.length + 1, weight)];
    case 'weight':
      return [{ ...first, weight: doubled(weight) }, ...others];
    case 'drained':
      return [{ ...first, weight: 0, lastWeight: weight }, ...others];
  }
}

/** Twice a weight, where that is possible. */
export function doubled(weight: number): number {
  return Math.min(weightRange.most, weight * 2 || 1);
}

export function movesBetween(before: Picks, after: Picks): Omit<Moves, 'change'> {
  let [moved, refused] = [0, 0];
  const lost = new Map<string, number>();
  const add = (name: string | undefined, by: number) => name && lost.set(name, (lost.get(name) ?? 0) + by);
  before.forEach((was, at) => {
    const is = after[at];
    if (was === undefined) return;
    if (is === undefined) refused++;
    else if (is !== was) moved++;
    add(was, 1);
    add(is, -1);
  });
  return { moved, refused, needed: [...lost.values()].reduce((sum, one) => sum + Math.max(0, one), 0) };
}

export function balanceOf(
  servers: readonly SimulatedServer[],
  picks: Picks,
): Pick<SchedulerFigures, 'counts' | 'refused' | 'imbalance' | 'busiest' | 'idlest'> {
  const found = new Map<string | undefined, number>();
  for (const pick of picks) found.set(pick, (found.get(pick) ?? 0) + 1);
  const counts = servers.map(({ name }) => found.get(name) ?? 0);
  const weighted = servers.flatMap(({ weight }, at) => (weight > 0 ? [{ weight, count: counts[at] ?? 0 }] : []));
  const perWeight = weighted.map(({ weight, count }) => count / weight);
  const total = (of: 'weight' | 'count') => weighted.reduce((sum, one) => sum + one[of], 0);
  const fair = total('count') / total('weight') || 1;
  return {
    counts,
    refused: found.get(undefined) ?? 0,
    imbalance: variation(perWeight),
    busiest: perWeight.length > 0 ? Math.max(...perWeight) / fair : 0,
    idlest: perWeight.length > 0 ? Math.min(...perWeight) / fair : 0,
  };
}
