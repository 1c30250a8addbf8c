import type { Followed, Hop } from '../path/followed.ts';
import type { Way } from '../path/wire.ts';
import { tunnelName } from '../path/words.ts';

/** What a director does to the packets that it forwards on one way. */
export interface Rewriting {
  /** `target address`, `TTL`, `IP in IP header`; in the order of the headers. Each packet has new MACs, which are not named. */
  fields: string[];
  /** Bytes that a packet is longer afterwards: the most of all packets. */
  addedBytes: number;
}

/** Compares each packet before and behind the director. Undefined for a way on which no director forwards a packet. */
export function rewritingOf(
  requests: readonly Pick<Followed, 'packets'>[],
  directors: readonly string[],
  way: Way,
): Rewriting | undefined {
  const pairs = requests
    .flatMap(({ packets }) => packets)
    .filter((packet) => packet.way === way)
    .flatMap(({ hops }) => hops.flatMap((hop, at) => pairAt(hop, hops[at - 1], directors)));
  if (pairs.length === 0) return undefined;
  const seen = new Set(pairs.flatMap(([before, after]) => changedFields(before, after)));
  return {
    fields: [...seen].sort((one, other) => placeOf(one) - placeOf(other)),
    addedBytes: Math.max(...pairs.map(([before, after]) => after.length - before.length)),
  };
}

function pairAt(hop: Hop, before: Hop | undefined, directors: readonly string[]): [Hop, Hop][] {
  return before && directors.includes(hop.from) && before.to === hop.from ? [[before, hop]] : [];
}

const order = ['source address', 'target address', 'TTL', 'source port', 'target port'];
/** Headers of tunnels stand in front. */
const placeOf = (field: string) => order.indexOf(field);

function changedFields(before: Hop, after: Hop): string[] {
  const known = before.wrapped.map(tunnelName);
  const added = after.wrapped.map(tunnelName).filter((name) => !known.includes(name));
  const changed: [string, boolean][] = [
    ['source address', before.source.address !== after.source.address],
    ['target address', before.target.address !== after.target.address],
    ['TTL', before.ttl !== after.ttl],
    ['source port', before.source.port !== after.source.port],
    ['target port', before.target.port !== after.target.port],
  ];
  return [...added.map((name) => `${name} header`), ...changed.flatMap(([name, is]) => (is ? [name] : []))];
}
