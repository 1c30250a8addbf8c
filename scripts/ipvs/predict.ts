import { masked } from '../model/addresses.ts';
import type { Service } from '../model/lab.ts';
import { greatestCommonDivisor } from './oracle/model.ts';
import { type Picks, type SimulatedConnection, type SimulatedServer, simulate } from './oracle/simulate.ts';

/** The known state of a service before several connections. */
export interface KnownState {
  /** In the order in which they were added. */
  servers: readonly SimulatedServer[];
  /** It had no connection since its real servers were added. */
  unused: boolean;
  /** Seconds until IPVS forgets the first of the connections that it remembers. */
  nextExpiry: number;
  /** The real server to which persistence binds each client. Clients of one network are under the network's address. */
  bound: ReadonlyMap<string, string>;
  /** The version of the director's kernel, as far as it is known. */
  kernel?: string | undefined;
}

/** The properties of a service that predictions depend on. */
export type PredictedService = Pick<Service, 'vip' | 'scheduler' | 'flags' | 'persistence' | 'persistenceGranularity'>;

/** With more possible positions of wrr in its round than this, there is no prediction. */
const longestRound = 2000;

/**
 * Every sequence of real servers that is possible. There is one sequence if everything that the scheduler depends on is known. The
 * position of rr and wrr in their round is not visible once a service was used, so there are as many sequences as the round is
 * long. Undefined if nobody can know: twos chooses at random, and counts change when connections expire meanwhile.
 * @param seconds how long all the connections may take
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
  { servers, unused, nextExpiry, kernel }: KnownState,
  connections: readonly SimulatedConnection[],
  seconds: number,
  remembered: number,
): Picks[] | undefined {
  if (scheduler === 'twos') return undefined;
  const run = (skip = 0) => simulate({ vip, scheduler, flags, servers, kernel }, connections, skip);
  const bounded = servers.some(({ upper = 0 }) => upper > 0);
  const countsMatter = ['lc', 'wlc', 'sed', 'nq', 'ovf'].includes(scheduler) || bounded;
  if (countsMatter && seconds >= remembered) return undefined;
  if (!unused) {
    if (countsMatter && nextExpiry <= seconds) return undefined;
    if (servers.some(isUncertain) || scheduler === 'lblcr') return undefined; // which servers its set has is not visible
    // The one that the VIP got first.
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
 * Whether it is unknown if a real server with a threshold is full. Once full, it stays so until it has less than the
 * lower threshold, or than three quarters of the upper one (ip_vs_dest_update_overload, ip_vs_unbind_dest in ip_vs_conn.c).
 */
function isUncertain({ upper = 0, lower = 0, active = 0, inactive = 0 }: SimulatedServer): boolean {
  const total = active + inactive;
  return upper > 0 && total < upper && total >= (lower || (upper * 3) / 4);
}

/** Picks after which wrr begins anew: Σweights/gcd. */
export function wrrRound(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0) / (greatestCommonDivisor(weights) || 1);
}
