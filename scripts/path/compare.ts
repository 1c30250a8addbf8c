import type { Ladder } from './expected.ts';
import type { Followed, Hop, Packet } from './followed.ts';
import type { Connection, Endpoint, Way, Wire } from './wire.ts';
import { addressesText, andMore, endpointText, hopText, wrappingText } from './words.ts';

/** A difference between the hops that were seen and the hops of the plan. */
export interface Difference {
  kind: 'missing' | 'lost' | 'doubled' | 'other' | 'beside';
  way: Way;
  /** The number of the hop on this way. The first one is 1. */
  hop: number;
  /** A sentence. */
  what: string;
  /** The packets that show it. */
  packets: string[];
}

/** The hops that the packets of a connection must take. */
export type Expected = (connection: Connection) => Ladder;

/** Compares each packet with the hops that it must take. */
export function compare(expected: Expected, { packets }: Pick<Followed, 'packets'>): Difference[] {
  const found = new Map<string, Difference>();
  for (const packet of packets) {
    for (const { label, ...difference } of differencesOf(packet, expected(packet.connection)[packet.way])) {
      const key = [difference.kind, difference.way, difference.hop, difference.what].join();
      const known = found.get(key);
      if (known) known.packets.push(label);
      else found.set(key, { ...difference, packets: [label] });
    }
  }
  return [...found.values()];
}

/** `on the way back, hop 2: …` */
export function differenceText({ kind, way, hop, what, packets }: Difference): string {
  return `${kind === 'beside' ? 'outside the planned path' : `on the way ${way}, hop ${hop}`}: ${what} (${andMore(packets)})`;
}

type OfOne = Omit<Difference, 'packets'> & { label: string };

function differencesOf({ way, hops, label }: Packet, wanted: readonly Wire[]): OfOne[] {
  const pairs = pairsOf(hops, wanted);
  const first = { seen: hops[0].ttl, wanted: wanted[0]?.ttl ?? hops[0].ttl };
  return [
    ...pairs.flatMap(({ hop, wire }, at): OfOne[] => {
      const place = { way, hop: at + 1, label };
      if (!hop) return [{ kind: 'missing', ...place, what: `${hopText(wire)} was not seen` }];
      if (hop.lost) return [{ kind: 'lost', ...place, what: `lost on the line of ${hop.lost.node}` }];
      if (hop.copies > 1) return [{ kind: 'doubled', ...place, what: `${hopText(hop)} was seen ${hop.copies} times` }];
      const others = otherThan(hop, wire, first);
      return others.length > 0 ? [{ kind: 'other', ...place, what: others.join('; ') }] : [];
    }),
    ...hops
      .filter((hop) => !pairs.some((pair) => pair.hop === hop))
      .map((hop): OfOne => ({ kind: 'beside', way, hop: 0, label, what: `${hopText(hop)}: ${addressesText(hop)}` })),
  ];
}

/** Each wanted hop with the seen hop between the same nodes; without such a hop, with the one in its place. */
export function pairsOf(hops: readonly Hop[], wanted: readonly Wire[]): { wire: Wire; hop: Hop | undefined }[] {
  const same = wanted.map((wire) =>
    hops.find(({ network, from, to }) => network === wire.network && from === wire.from && to === wire.to),
  );
  const free = hops.filter((hop) => !same.includes(hop));
  return wanted.map((wire, at) => {
    if (same[at]) return { wire, hop: same[at] };
    const inPlace = hops[at];
    return { wire, hop: inPlace && free.includes(inPlace) ? inPlace : undefined };
  });
}

function otherThan(hop: Hop, wire: Wire, first: { seen: number; wanted: number }): string[] {
  const fallen = [first.seen - hop.ttl, first.wanted - wire.ttl];
  const [wrapped, wanted] = [hop.wrapped, wire.wrapped].map((some) => some.map(wrappingText).join(', '));
  return [
    hop.network === wire.network ? '' : `on ${hop.network}, not on ${wire.network}`,
    hop.from === wire.from ? '' : `sent by ${hop.from}, not by ${wire.from}`,
    hop.to === wire.to ? '' : `sent to ${hop.to}, not to ${wire.to}`,
    wrapped === wanted ? '' : `${wrapped ? `wrapped: ${wrapped}` : 'not wrapped'}, expected ${wanted || 'no tunnel'}`,
    sameEnd(hop.source, wire.source) ? '' : `from ${endpointText(hop.source)}, not from ${endpointText(wire.source)}`,
    sameEnd(hop.target, wire.target) ? '' : `for ${endpointText(hop.target)}, not for ${endpointText(wire.target)}`,
    fallen[0] === fallen[1] ? '' : `its TTL fell by ${fallen[0]}, not by ${fallen[1]}`,
  ].filter(Boolean);
}

/** A port that is unknown on one side matches any port. */
function sameEnd(one: Endpoint, other: Endpoint): boolean {
  const port = one.port === undefined || other.port === undefined || one.port === other.port;
  return one.address === other.address && port;
}
