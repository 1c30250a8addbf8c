import type { Expected } from './compare.ts';
import type { Followed, Hop, Packet } from './followed.ts';
import { samePacket } from './segment.ts';
import { andMore, endpointText, hopText } from './words.ts';

/** Where a request without an answer ends. */
export interface End {
  /** The node that had the packet last; the node of a line for `isLine`. */
  node: string;
  /** It was lost on the line between this node and its network. */
  isLine: boolean;
  /** Its last frame, by its place among the sightings; undefined when there was none. */
  frame: number | undefined;
  /** A sentence that says what was seen. */
  what: string;
}

/** Where the request or its answer ends; undefined when data of an answer reached the client, and nothing is missing. */
export function endOf(followed: Followed, expected: Expected): End | undefined {
  const { packets, complaints } = followed;
  const connections = [...new Set(packets.map(({ connection }) => connection.clientPort))];
  if (packets.length === 0) return neverSent(followed);
  const answered = packets.some(({ way, phase, bare }) => way === 'back' && phase === 'answer' && !bare);
  for (const port of connections) {
    const own = packets.filter(({ connection }) => connection.clientPort === port);
    const matters = ({ bare, phase }: Packet) => !bare && !(answered && phase === 'close');
    const stuck = own.find((packet) => matters(packet) && !arrived(own, packet, expected));
    if (stuck) return stopsAt(followed, stuck, expected);
  }
  const refused = packets.find(({ way, label }) => way === 'back' && label.includes('RST'));
  if (answered) return undefined;
  if (refused)
    return at(refused.hops[0], refused.hops[0].from, `${refused.hops[0].from} refused the connection with RST`);
  const complaint = complaints.at(-1);
  if (complaint) return at(complaint.hop, complaint.hop.from, `${complaint.hop.from} says by ICMP: ${complaint.what}`);
  return unanswered(followed, expected);
}

function neverSent({ neighbours }: Followed): End {
  const [open] = neighbours.filter(({ answers }) => answers.length === 0);
  const asked = open && `; ${questionText(open)}`;
  return {
    node: open?.asker ?? 'client',
    isLine: false,
    frame: open?.frames.at(-1),
    what: `the client sent no packet${asked ?? ''}`,
  };
}

/** Whether a packet, or one with the same content, took all its hops. */
function arrived(all: readonly Packet[], packet: Packet, expected: Expected): boolean {
  const same = all.filter(({ way, segment }) => way === packet.way && samePacket(segment, packet.segment));
  const later = all.some(
    (one) => one.way === packet.way && one.again && carriesOver(one, packet) && isDelivered(one, expected),
  );
  return later || same.some((one) => isDelivered(one, expected));
}

/** Whether a packet that was sent again carries the data of another one: TCP may cut the same data differently. */
function carriesOver(again: Packet, packet: Packet): boolean {
  const [one, other] = [again.segment.transport, packet.segment.transport];
  if (one.kind !== 'tcp' || other.kind !== 'tcp') return false;
  return one.sequence === other.sequence && one.payload > 0 && other.payload > 0;
}

/** Whether a packet reached its last node, by any hops. */
function isDelivered({ way, hops, connection }: Packet, expected: Expected): boolean {
  const last = hops.at(-1);
  return !last?.lost && last?.to === expected(connection)[way].at(-1)?.to;
}

function stopsAt({ neighbours, packets, complaints }: Followed, packet: Packet, expected: Expected): End {
  const { label, hops, way, connection } = packet;
  const last = hops.at(-1) ?? hops[0];
  const times = packets.filter((one) => one.way === way && samePacket(one.segment, packet.segment)).length;
  const sent = times > 1 ? `${label}, sent ${times} times,` : `${label}`;
  if (last.lost) {
    const { node, way: toward } = last.lost;
    const what = `${sent} was lost on its way ${toward} ${node}`;
    return { node, isLine: true, frame: last.frames.at(-1), what };
  }
  const complaint = complaints.find(({ about, hop }) => about === way && hop.time >= last.time);
  if (complaint)
    return at(last, last.to, `${sent} reached ${last.to}; ${complaint.hop.from} says by ICMP: ${complaint.what}`);
  const asks = neighbours.find(
    ({ asker, answers, time }) => asker === last.to && answers.length === 0 && time >= last.time - 1000,
  );
  if (asks) return at(last, last.to, `${sent} reached ${last.to}; ${questionText(asks)}`);
  const next = expected(connection)[way][hops.length];
  const then = next?.from === last.to ? `${next.from} did not forward it to ${next.to}` : 'it went no further';
  return at(last, last.to, `${sent} reached ${last.to} (${hopText(last)}); ${then}`);
}

/** Every packet reached its last node, but no data came back. */
function unanswered({ packets, neighbours }: Followed, expected: Expected): End {
  const there = packets.filter(({ way }) => way === 'there');
  const last = there.findLast(({ bare }) => !bare) ?? there.at(-1) ?? packets[0];
  const hop = last?.hops.at(-1);
  if (!last || !hop) throw new Error('a request without packets');
  const back = packets.filter(({ way }) => way === 'back').map(({ label }) => label);
  const unknown = expected(last.connection).back.length === 0;
  const silent = unknown ? 'it forwarded it to no real server' : 'it sent nothing back';
  const since = back.length > 0 ? `it sent ${andMore(back)}, but no answer` : silent;
  const asks = neighbours.find(({ asker, answers }) => asker === hop.to && answers.length === 0);
  const question = asks ? `; ${questionText(asks)}` : '';
  return at(hop, hop.to, `${last.label} for ${endpointText(hop.target)} reached ${hop.to}; ${since}${question}`);
}

function questionText({ asker, address, frames }: Followed['neighbours'][number]): string {
  const times = frames.length > 1 ? ` ${frames.length} times` : '';
  return `${asker} asked for the MAC of ${address}${times} and got no answer`;
}

function at(hop: Hop, node: string, what: string): End {
  return { node, isLine: false, frame: hop.frames.at(-1), what };
}
