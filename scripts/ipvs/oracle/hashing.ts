import { fold, hash32 } from './hash.ts';
import { type Destination, isAvailable, lookUp, type SchedulerModel } from './model.ts';

/** CONFIG_IP_VS_SH_TAB_BITS and CONFIG_IP_VS_DH_TAB_BITS, by default and in Debian's kernels. */
const bits = 8;
const size = 2 ** bits;

/**
 * ip_vs_sh.c: source hashing. ip_vs_sh_reassign fills 256 buckets from the list, as many in a row as the weight says and
 * one at least; ip_vs_sh_hashkey finds the client's. sh-port adds the client's port; with sh-fallback another bucket is
 * tried when the first one's server is not available (ip_vs_sh_get_fallback), else the connection is refused.
 */
export const sh: SchedulerModel = (destinations, flags) => {
  const buckets = fill(destinations, ({ weight }) => Math.max(1, weight));
  return ({ client, clientPort }) => {
    const value = (fold(client) + (flags.includes('sh-port') ? clientPort : 0)) >>> 0;
    const key = (offset: number) => (offset + hash32(value, bits)) % size;
    return lookUp(buckets, key, flags.includes('sh-fallback'));
  };
};

/** ip_vs_dh.c: destination hashing: buckets filled in turn, whatever the weights, and the key is the VIP. */
export const dh: SchedulerModel = (destinations) => {
  const buckets = fill(destinations, () => 1);
  return ({ vip }) => {
    const found = buckets[hash32(fold(vip), bits)];
    return found && isAvailable(found) ? found : undefined;
  };
};

function fill(destinations: readonly Destination[], inARow: (one: Destination) => number): Destination[] {
  const round = destinations.flatMap((one) => Array<Destination>(Math.min(size, inARow(one))).fill(one));
  return Array.from({ length: size }, (_, at) => round[at % round.length]).filter((one) => one !== undefined);
}
