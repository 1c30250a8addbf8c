import { fold, hsiphash } from './hash.ts';
import { type Destination, greatestCommonDivisor, lookUp, type SchedulerModel } from './model.ts';

/** primes[CONFIG_IP_VS_MH_TAB_INDEX - 8] with the default index 12, and IP_VS_MH_TAB_BITS = 12 / 2. */
const size = 4093;
const weightBits = 6;

/** generate_hash_secret */
const hash1 = [2654435761n, 2654435761n] as const;
const hash2 = [2654446892n, 2654446892n] as const;

/** ip_vs_mh_hashkey */
function hashKey(address: number, port: number, key: readonly [bigint, bigint], offset = 0): number {
  return hsiphash((offset + port + address) >>> 0, key);
}

/**
 * ip_vs_mh.c: Maglev hashing. Every real server has a preference list of all places of a table, made of two hashes of its
 * address and port; in turns, by weight, each takes its most preferred free place (ip_vs_mh_permutate,
 * ip_vs_mh_populate). The client's hash finds a place: mh-port adds its port, mh-fallback looks further when the server
 * there is not available.
 */
export const mh: SchedulerModel = (destinations, flags) => {
  const table = populate(destinations);
  return ({ client, clientPort }) => {
    const address = fold(client);
    const port = flags.includes('mh-port') ? clientPort : 0;
    const place = (offset: number) => hashKey(address, port, hash1, offset) % size;
    return lookUp(table, place, flags.includes('mh-fallback'));
  };
};

function populate(destinations: readonly Destination[]): (Destination | undefined)[] {
  const table = new Array<Destination | undefined>(size);
  // The kernel uses the last weight above 0; one that was added with 0 never had any.
  const weightOf = ({ weight, lastWeight = weight }: Destination) => lastWeight;
  const divisor = greatestCommonDivisor(destinations.map(weightOf));
  if (divisor < 1) return table;
  // ip_vs_mh_shift_weight: weights take six bits at most.
  const highest = Math.max(...destinations.map(weightOf)) / divisor;
  const shift = Math.max(0, 32 - Math.clz32(highest) - weightBits);
  const setups = destinations.map((destination) => ({
    destination,
    place: hashKey(fold(destination.address), destination.port, hash1) % size,
    skip: (hashKey(fold(destination.address), destination.port, hash2) % (size - 1)) + 1,
    turns: (weightOf(destination) / divisor) >> shift || Number(weightOf(destination) !== 0),
  }));
  for (let taken = 0; ; ) {
    for (const setup of setups) {
      for (let turn = 0; turn < setup.turns; turn++) {
        while (table[setup.place]) setup.place = (setup.place + setup.skip) % size;
        table[setup.place] = setup.destination;
        if (++taken === size) return table;
      }
    }
  }
}
