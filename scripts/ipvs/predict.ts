import type { Service } from '../model/lab.ts';
import { greatestCommonDivisor } from './oracle/model.ts';
import { type Picks, type SimulatedConnection, type SimulatedServer, simulate } from './oracle/simulate.ts';

/** What is known of a service before a row of connections. */
export interface KnownState {
  /** In the order in which they were added. */
  servers: readonly SimulatedServer[];
  /** Nobody has used it since its real servers were added. */
  unused: boolean;
  /** Seconds until IPVS forgets the first of the connections that it remembers. */
  nextExpiry: number;
  /** The real server that each client is bound to by persistence. */
  bound: ReadonlyMap<string, string>;
}

/** From here on the list of where wrr may stand is too long to go through. */
const longestRound = 2000;

/**
 * Every sequence that the scheduler may answer with: one, where all that it goes by is known. Where rr and wrr stand in
 * their round is not visible from outside once a service was used, so there are as many as the round is long. Undefined
 * where nobody can say: twos draws lots, and counts of connections that are forgotten meanwhile change.
 * @param seconds how long the row of connections may take
 */
export function predictions(
  service: Service,
  { servers, unused, nextExpiry, bound }: KnownState,
  connections: readonly SimulatedConnection[],
  seconds: number,
): Picks[] | undefined {
  const { vip, scheduler, flags, persistence } = service;
  if (scheduler === 'twos') return undefined;
  const run = (row: readonly SimulatedConnection[], skip = 0) =>
    simulate({ vip, scheduler, flags, servers }, row, skip);
  if (persistence > 0) return [stickTo(bound, connections, run)];
  const countsMatter = ['lc', 'wlc', 'sed', 'nq', 'ovf'].includes(scheduler);
  if (!unused && countsMatter && nextExpiry <= seconds) return undefined;
  if (!unused && servers.some((server) => isUncertain(server, nextExpiry <= seconds))) return undefined;
  if (!unused && (scheduler === 'lblc' || scheduler === 'lblcr')) {
    return servers.map(({ name }) => connections.map(() => name)); // whichever the VIP has met first
  }
  if (unused || (scheduler !== 'rr' && scheduler !== 'wrr')) return [run(connections)];
  const weights = servers.map(({ weight }) => weight);
  const round = scheduler === 'rr' ? weights.length : wrrRound(weights);
  if (round > longestRound) return undefined;
  return Array.from({ length: round }, (_, skip) => run(connections, skip));
}

/**
 * Whether nobody can say if a real server with a threshold is full: once it was, it stays so until it has less than the
 * lower one, or than three quarters of the upper (ip_vs_dest_update_overload, ip_vs_unbind_dest in ip_vs_conn.c).
 */
function isUncertain({ upper = 0, lower = 0, active = 0, inactive = 0 }: SimulatedServer, forgets: boolean): boolean {
  if (upper === 0) return false;
  const total = active + inactive;
  return forgets || (total < upper && total >= (lower || (upper * 3) / 4));
}

/** Picks after which wrr begins anew: Σweights/gcd. */
export function wrrRound(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0) / (greatestCommonDivisor(weights) || 1);
}

/** ip_vs_sched_persist in ip_vs_core.c: only a client's first connection is scheduled. */
function stickTo(
  bound: ReadonlyMap<string, string>,
  connections: readonly SimulatedConnection[],
  run: (row: readonly SimulatedConnection[]) => Picks,
): Picks {
  const first = connections.filter(
    ({ client }, at) => !bound.has(client) && connections.findIndex((other) => other.client === client) === at,
  );
  const scheduled = run(first);
  const homes = new Map<string, string | undefined>([
    ...bound,
    ...first.map(({ client }, at) => [client, scheduled[at]] as const),
  ]);
  return connections.map(({ client }) => homes.get(client));
}
