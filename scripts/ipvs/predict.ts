import { masked } from '../model/addresses.ts';
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
  /** The real server that each client is bound to by persistence; clients of one network by its address. */
  bound: ReadonlyMap<string, string>;
}

/** What of a service its predictions go by. */
export type PredictedService = Pick<Service, 'vip' | 'scheduler' | 'flags' | 'persistence' | 'persistenceGranularity'>;

/** From here on the list of where wrr may stand is too long to go through. */
const longestRound = 2000;

/**
 * Every sequence that the scheduler may answer with: one, where all that it goes by is known. Where rr and wrr stand in
 * their round is not visible from outside once a service was used, so there are as many as the round is long. Undefined
 * where nobody can say: twos draws lots, and counts of connections that are forgotten meanwhile change.
 * @param seconds how long the row of connections may take
 * @param remembered seconds for which IPVS remembers a closed connection
 */
export function predictions(
  service: PredictedService,
  state: KnownState,
  connections: readonly SimulatedConnection[],
  seconds: number,
  remembered: number,
): Picks[] | undefined {
  if (service.persistence === 0) return sequences(service, state, connections, seconds, remembered);
  // ip_vs_sched_persist in ip_vs_core.c: only the first connection of a client, or of its network, is scheduled.
  const home = (client: string) => masked(client, service.persistenceGranularity);
  const first = connections.filter(
    ({ client }, at) =>
      !state.bound.has(home(client)) && connections.findIndex((other) => home(other.client) === home(client)) === at,
  );
  const scheduled = first.length > 0 ? sequences(service, state, first, seconds, remembered) : [[]];
  return scheduled?.map((picks) => {
    const homes = new Map([...state.bound, ...first.map(({ client }, at) => [home(client), picks[at]] as const)]);
    return connections.map(({ client }) => homes.get(home(client)));
  });
}

/** Sequences of a service without persistence. */
function sequences(
  { vip, scheduler, flags }: PredictedService,
  { servers, unused, nextExpiry }: KnownState,
  connections: readonly SimulatedConnection[],
  seconds: number,
  remembered: number,
): Picks[] | undefined {
  if (scheduler === 'twos') return undefined;
  const run = (skip = 0) => simulate({ vip, scheduler, flags, servers }, connections, skip);
  const bounded = servers.some(({ upper = 0 }) => upper > 0);
  const countsMatter = ['lc', 'wlc', 'sed', 'nq', 'ovf'].includes(scheduler) || bounded;
  if (countsMatter && seconds >= remembered) return undefined;
  if (!unused) {
    if (countsMatter && nextExpiry <= seconds) return undefined;
    if (servers.some(isUncertain) || scheduler === 'lblcr') return undefined; // which servers its set has is not visible
    // Whichever the VIP has met first.
    if (scheduler === 'lblc') return servers.map(({ name }) => connections.map(() => name));
    if (scheduler === 'rr' || scheduler === 'wrr') {
      const weights = servers.map(({ weight }) => weight);
      const round = scheduler === 'rr' ? weights.length : wrrRound(weights);
      return round > longestRound ? undefined : Array.from({ length: round }, (_, skip) => run(skip));
    }
  }
  return [run()];
}

/**
 * Whether nobody can say if a real server with a threshold is full: once it was, it stays so until it has less than the
 * lower one, or than three quarters of the upper (ip_vs_dest_update_overload, ip_vs_unbind_dest in ip_vs_conn.c).
 */
function isUncertain({ upper = 0, lower = 0, active = 0, inactive = 0 }: SimulatedServer): boolean {
  const total = active + inactive;
  return upper > 0 && total < upper && total >= (lower || (upper * 3) / 4);
}

/** Picks after which wrr begins anew: Σweights/gcd. */
export function wrrRound(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0) / (greatestCommonDivisor(weights) || 1);
}
