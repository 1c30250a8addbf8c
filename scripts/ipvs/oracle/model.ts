import type { SchedulerFlag } from '../../model/words.ts';
import type { KernelTraits } from '../kernel.ts';

/** A real server as IPVS sees it: ip_vs_dest. */
export interface Destination {
  name: string;
  address: string;
  port: number;
  weight: number;
  /** The weight that it had before it was set to 0: ip_vs_dest.last_weight. Missing where it is `weight`. */
  lastWeight?: number;
  /** With `upper` connections it gets no new ones, with fewer than `lower` it gets new ones again; 0 means no threshold. ipvsadm -x, -y. */
  upper: number;
  lower: number;
  /** Connections in SYN_SENT, SYN_RECV, SYNACK and ESTABLISHED (tcp_state_active_table in ip_vs_proto_tcp.c). */
  active: number;
  /** All other connections that IPVS remembers. */
  inactive: number;
  /** IP_VS_DEST_F_OVERLOAD: it has reached its upper threshold. */
  overloaded: boolean;
}

/** The input of a scheduler: the first packet of a connection. */
export interface Request {
  client: string;
  clientPort: number;
  vip: string;
}

/** Which real server gets this connection; undefined when none may. May change the scheduler's own state. */
export type Choose = (request: Request) => Destination | undefined;

/**
 * A scheduler with all its real servers added.
 * @param destinations in the kernel's order, which is the reverse of that in which they were added
 */
export type SchedulerModel = (
  destinations: readonly Destination[],
  flags: readonly SchedulerFlag[],
  kernel: KernelTraits,
) => Choose;

/** The condition that most schedulers check first. */
export function isAvailable({ weight, overloaded }: Destination): boolean {
  return weight > 0 && !overloaded;
}

/** ip_vs_dest_conn_overhead in include/net/ip_vs.h. */
export function overheadIn({ activeWeight }: KernelTraits): (destination: Destination) => number {
  return ({ active, inactive }) => active * activeWeight + inactive;
}

/**
 * The first with the least load by weight, as wlc, sed, lblc and lblcr look for it: compared crosswise, since the kernel
 * does not divide, and replaced only by one that is strictly better.
 */
export function leastByWeight(
  destinations: readonly Destination[],
  load: (destination: Destination) => number,
): Destination | undefined {
  let least = destinations.find(isAvailable);
  if (!least) return undefined;
  for (const one of destinations.slice(destinations.indexOf(least) + 1)) {
    if (!one.overloaded && load(least) * one.weight > load(one) * least.weight) least = one;
  }
  return least;
}

/**
 * The server at a client's place of a hash table. If it is not available, the connection is refused, or with fallback
 * other places are tried, starting at the client's (ip_vs_sh_get_fallback, ip_vs_mh_get_fallback).
 */
export function lookUp(
  table: readonly (Destination | undefined)[],
  place: (offset: number) => number,
  fallback: boolean,
): Destination | undefined {
  const first = table[place(0)];
  if (!first || isAvailable(first)) return first;
  if (!fallback) return undefined;
  for (let offset = 0; offset < table.length; offset++) {
    const other = table[place((offset + place(0)) % table.length)];
    if (other && isAvailable(other)) return other;
  }
  return undefined;
}

export function greatestCommonDivisor(numbers: readonly number[]): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  return numbers.filter((one) => one > 0).reduce(gcd, 0);
}
