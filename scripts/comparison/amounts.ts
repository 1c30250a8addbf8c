import { median } from '../median.ts';
import type { Followed, Hop } from '../path/followed.ts';
import type { Way } from '../path/wire.ts';

/** Packets, and the bytes of their IP packets without Ethernet's header, as IPVS counts them. */
export interface Amount {
  packets: number;
  bytes: number;
}

/** The same number of several requests. */
export interface Spread {
  median: number;
  least: number;
  most: number;
}

const ethernetHeader = 14;

/** What one request, its answer and all their acknowledgements put on the networks, by the frames that were seen. */
export interface RequestAmounts {
  /** Into a director and out of it, on each way. */
  into: Record<Way, Amount>;
  outOf: Record<Way, Amount>;
  networks: Record<string, Amount>;
}

/** Adds up the frames of one request. @param directors names of nodes */
export function amountsOf({ packets }: Pick<Followed, 'packets'>, directors: readonly string[]): RequestAmounts {
  const sums: RequestAmounts = {
    into: { there: nothing(), back: nothing() },
    outOf: { there: nothing(), back: nothing() },
    networks: {},
  };
  for (const { way, hops } of packets) {
    for (const hop of hops) {
      if (directors.includes(hop.to)) add(sums.into[way], hop);
      if (directors.includes(hop.from)) add(sums.outOf[way], hop);
      sums.networks[hop.network] ??= nothing();
      add(sums.networks[hop.network], hop);
    }
  }
  return sums;
}

export function nothing(): Amount {
  return { packets: 0, bytes: 0 };
}

function add(sum: Amount | undefined, { frames, length }: Hop): void {
  if (!sum) return;
  sum.packets += frames.length;
  sum.bytes += length - ethernetHeader * frames.length;
}

export function both(one: Amount, other: Amount): Amount {
  return { packets: one.packets + other.packets, bytes: one.bytes + other.bytes };
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}
