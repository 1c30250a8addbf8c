import { type Decoded, decode } from '../capture/decode.ts';
import type { Ethernet } from '../capture/layers/layer.ts';
import type { Protocol } from '../model/words.ts';
import { nameOf } from '../plan/nics.ts';
import type { Plan } from '../plan/plan.ts';
import { complaintText } from './complaints.ts';
import type { Complaint, Flow, Followed, Hop, Packet, Sighting } from './followed.ts';
import { type FragmentKey, fragmentKey } from './fragments.ts';
import { meaningOf } from './labels.ts';
import { neighboursIn } from './neighbours.ts';
import { icmpOf, isOver, outerIp, quoted, type Segment, samePacket, segmentOf } from './segment.ts';
import { isAgain } from './sent-again.ts';
import type { Connection, Way } from './wire.ts';

/** A frame and what was decoded from it. */
export interface Read {
  /** Its place among the sightings. */
  at: number;
  sighting: Sighting;
  ethernet: Ethernet;
  decoded: Decoded;
  segment: Segment | undefined;
}

/**
 * Finds the frames of one request and its answer: its packets, also in tunnels and with other addresses, their fragments, ICMP errors
 * about them, and the questions for MACs that they needed.
 * @param sightings frames of all networks, in any order
 */
export function follow(plan: Plan, protocol: Protocol, sightings: readonly Sighting[], flow: Flow): Followed {
  const reads = sightings.flatMap((sighting, at) => read(plan, sighting, at)).sort(inTime);
  const wayOf = waysOf(reads, protocol, flow);
  const draft = new Packets(plan, flow);
  for (const one of reads) {
    const way = one.segment && wayOf(one.segment);
    if (one.segment && way) draft.put(one, one.segment, way);
  }
  for (const one of reads) if (!one.segment) draft.putFragment(one);
  const complaints = reads.flatMap((one) => complaintIn(plan, one, wayOf));
  const packets = draft.finished();
  const neighbours = neighboursIn(plan, around(reads, packets), addressesOf(plan, flow, packets));
  const used = [
    ...packets.flatMap(({ hops }) => hops.flatMap(({ frames }) => frames)),
    ...complaints.flatMap(({ hop }) => hop.frames),
    ...neighbours.flatMap(({ frames, answers }) => [...frames, ...answers.map(({ frame }) => frame)]),
  ];
  return { flow, neighbours, packets, complaints, others: sightings.length - new Set(used).size };
}

/** Microseconds in which a kernel asks three times for a MAC (net.ipv4.neigh.default.retrans_time_ms), and a little more. */
const askedBefore = 3_500_000;

/** Leaves out frames from long before the first packet: they belong to earlier requests. */
function around(reads: readonly Read[], [first]: readonly Packet[]): readonly Read[] {
  if (!first) return reads;
  return reads.filter(({ sighting }) => sighting.time >= first.hops[0].time - askedBefore);
}

function inTime(one: Read, other: Read): number {
  return one.sighting.time - other.sighting.time || one.at - other.at;
}

function read(plan: Plan, sighting: Sighting, at: number): Read[] {
  const decoded = decode(sighting.bytes, sighting.length, tunnelPorts(plan));
  const [ethernet] = decoded.layers;
  if (ethernet?.kind !== 'ethernet') return [];
  return [{ at, sighting, ethernet, decoded, segment: segmentOf(decoded) }];
}

/** UDP ports that the lab's tunnels use. */
export function tunnelPorts({ realServers }: Plan): number[] {
  return realServers.flatMap(({ tunnelPort }) => (tunnelPort > 0 ? [tunnelPort] : []));
}

/** Tells which way a packet of the flow goes; undefined for other packets. After NAT a packet is recognised by what NAT did not change. */
function waysOf(reads: readonly Read[], protocol: Protocol, flow: Flow): (segment: Segment) => Way | undefined {
  const isClient = ({ address, port }: Segment['source']) =>
    address === flow.client && port !== undefined && port >= flow.firstPort && port < flow.firstPort + flow.ports;
  const open = (segment: Segment): Way | undefined => {
    if (!isOver(protocol, segment)) return undefined;
    if (isClient(segment.source)) return 'there';
    return isClient(segment.target) ? 'back' : undefined;
  };
  const known = new Map<string, Way>();
  for (const { segment } of reads) {
    const way = segment && open(segment);
    const sign = segment && signOf(segment);
    if (way && sign) known.set(sign, way);
  }
  return (segment) => open(segment) ?? (isOver(protocol, segment) ? known.get(signOf(segment) ?? '') : undefined);
}

/** The part of a packet that NAT does not change, if it is enough to tell the packet from all others. */
function signOf({ transport, payload }: Segment): string | undefined {
  if (transport.kind === 'tcp') return `${transport.sequence} ${transport.acknowledgement} ${transport.payload}`;
  if (transport.kind === 'ports' || payload.length < 8) return undefined;
  return Buffer.from(payload.subarray(0, 32)).toString('hex');
}

/** A packet whose label and phase are not known yet. */
type Draft = Omit<Packet, 'label' | 'phase' | 'bare' | 'again'>;

/** Puts frames together: one packet has been on several networks, and in several fragments. */
class Packets {
  readonly #plan: Plan;
  readonly #flow: Flow;
  readonly #packets: Draft[] = [];
  readonly #fragments = new Map<FragmentKey, Hop>();

  constructor(plan: Plan, flow: Flow) {
    this.#plan = plan;
    this.#flow = flow;
  }

  put(one: Read, segment: Segment, way: Way): void {
    const hop = hopOf(this.#plan, one, segment);
    const isIt = ({ way: its, segment: other }: Draft) => its === way && samePacket(other, segment);
    // The latest one: if an earlier packet has the same content, this one was sent again.
    const known = this.#packets.findLast(isIt);
    const twin = known?.hops.find((other) => isSameHop(other, hop));
    if (known && twin && isCopy(known, twin, hop)) {
      twin.copies++;
      twin.frames.push(one.at);
      return;
    }
    const key = fragmentKey(one);
    if (key) this.#fragments.set(key, hop);
    const next = (draft: Draft) => isIt(draft) && goesOn(draft, hop);
    // A packet whose header was cut off matches any other one: the earliest is taken.
    const before = segment.transport.kind === 'ports' ? this.#packets.find(next) : this.#packets.findLast(next);
    if (before) before.hops.push(hop);
    else this.#packets.push({ way, segment, connection: this.#connectionOf(segment, way), hops: [hop] });
  }

  /** A fragment that is not the first belongs to the hop of the first one. */
  putFragment(one: Read): void {
    const key = fragmentKey(one);
    const hop = key && this.#fragments.get(key);
    if (!hop) return;
    hop.frames.push(one.at);
    hop.length += one.sighting.length;
    if (one.sighting.lost) hop.lost = one.sighting.lost;
  }

  #connectionOf({ source, target }: Segment, way: Way): Connection {
    const [client, server] = way === 'there' ? [source, target] : [target, source];
    const known = this.#packets.find(({ connection }) => connection.clientPort === client.port);
    const isFirst = client.address === this.#flow.client && client.port !== undefined;
    if (known && isFirst) return known.connection;
    return { clientPort: isFirst ? (client.port ?? 0) : this.#flow.firstPort, port: server.port ?? 0 };
  }

  finished(): Packet[] {
    const done: Packet[] = [];
    for (const one of this.#packets) {
      const before = done.filter(({ connection }) => connection.clientPort === one.connection.clientPort);
      const talked = before.some(({ phase }) => phase === 'request' || phase === 'answer');
      const meaning = meaningOf(one.segment, one.way, { talked, phase: before.at(-1)?.phase });
      done.push({ ...one, ...meaning, again: isAgain(one, before) });
    }
    return done;
  }
}

/** Microseconds: nobody sends a packet again so soon (TCP_RTO_MIN of the kernel is 200 ms, less with low round trip times). */
const soon = 5000;

/** Whether a frame was duplicated on its way, and not sent again by the packet's sender. */
function isCopy({ hops: [first], segment: { transport } }: Draft, twin: Hop, hop: Hop): boolean {
  if (hop.from !== first.from) return true;
  const isBare = transport.kind === 'tcp' && transport.payload === 0 && transport.flags.join() === 'ACK';
  return !isBare && hop.time - twin.time < soon;
}

/** Whether a frame is the next hop of a packet: the node that got the packet sends it. */
function goesOn({ hops }: Draft, hop: Hop): boolean {
  return hops.at(-1)?.to === hop.from && !hops.some((known) => isSameHop(known, hop));
}

function isSameHop(one: Hop, other: Hop): boolean {
  return one.network === other.network && one.fromMac === other.fromMac && one.toMac === other.toMac;
}

function hopOf(plan: Plan, { at, sighting, ethernet, decoded }: Read, segment?: Segment): Hop {
  const ip = outerIp(decoded.layers);
  const { wrapped, source, target, ttl } = segment ?? {
    wrapped: [],
    source: { address: ip?.source ?? '' },
    target: { address: ip?.target ?? '' },
    ttl: ip?.ttl ?? 0,
  };
  return {
    network: sighting.network,
    from: nameOf(plan, ethernet.source),
    to: isGroup(ethernet.target) ? 'all' : nameOf(plan, ethernet.target),
    wrapped,
    source,
    target,
    ttl,
    time: sighting.time,
    fromMac: ethernet.source,
    toMac: ethernet.target,
    frames: [at],
    copies: 1,
    length: sighting.length,
    ...(sighting.lost && { lost: sighting.lost }),
  };
}

/** Broadcast and multicast: the lowest bit of the first byte is set (IEEE 802). */
function isGroup(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}

function complaintIn(plan: Plan, one: Read, wayOf: (segment: Segment) => Way | undefined): Complaint[] {
  const icmp = icmpOf(one.decoded.layers);
  const segment = icmp && quoted(icmp);
  const about = segment && wayOf(segment);
  return icmp && about ? [{ hop: hopOf(plan, one), what: complaintText(icmp), about }] : [];
}

/** The addresses whose MACs the request may need: those in its packets, and those of the nodes that forward packets. */
function addressesOf(plan: Plan, { client }: Flow, packets: readonly Packet[]): Set<string> {
  const between = plan.nodes.filter(({ role }) => role === 'director' || role === 'router');
  const inPackets = packets.flatMap(({ hops }) =>
    hops.flatMap(({ source, target, wrapped }) => [
      ...[source.address, target.address],
      ...wrapped.flatMap((outer) => [outer.source, outer.target]),
    ]),
  );
  const senders = packets.flatMap(({ hops }) => hops.flatMap(({ from, to }) => [from, to]));
  const nodes = plan.nodes.filter(({ name }) => senders.includes(name));
  const own = [...between, ...nodes].flatMap(({ nics }) => nics.map(({ address }) => address));
  return new Set([client, ...plan.services.map(({ vip }) => vip), ...own, ...inPackets]);
}
