import { countOf } from '../count-of.ts';
import type { Phase } from './followed.ts';
import type { Segment } from './segment.ts';
import type { Way } from './wire.ts';

/** What a packet is for. */
export interface Meaning {
  label: string;
  phase: Phase;
  bare: boolean;
}

/** What came before a packet in its connection. */
export interface Before {
  /** Data has been sent, in either direction. */
  talked: boolean;
  /** The phase of the packet before. */
  phase: Phase | undefined;
}

export function meaningOf(segment: Segment, way: Way, before: Before): Meaning {
  const { transport } = segment;
  if (transport.kind === 'tcp') return tcpMeaning(transport, way, before);
  if (transport.kind === 'udp') return { label: carries(way, transport.payload), phase: talk(way), bare: false };
  if (transport.kind === 'sctp') return sctpMeaning(transport.chunks, way, before);
  return { label: 'a packet', phase: before.phase ?? 'handshake', bare: false };
}

const talk = (way: Way): Phase => (way === 'there' ? 'request' : 'answer');
const carries = (way: Way, bytes: number) => `${talk(way)}, ${countOf(bytes, 'byte')}`;

function tcpMeaning(
  { flags, payload }: Extract<Segment['transport'], { kind: 'tcp' }>,
  way: Way,
  { talked, phase }: Before,
): Meaning {
  const signals = flags.filter((flag) => ['SYN', 'FIN', 'RST'].includes(flag));
  const own = payload > 0 ? carries(way, payload) : undefined;
  const withAck = flags.includes('ACK') && signals.includes('SYN') ? [...signals, 'ACK'] : signals;
  const label = [own, withAck.join(' ')].filter(Boolean).join(', ') || 'ACK';
  const bare = own === undefined && signals.length === 0;
  if (signals.includes('FIN') || signals.includes('RST') || phase === 'close') return { label, phase: 'close', bare };
  if (own) return { label, phase: talk(way), bare };
  return { label, phase: talked ? (phase ?? 'handshake') : 'handshake', bare };
}

/** RFC 9260, section 3.2. */
const chunkNames: Record<number, string> = {
  0: 'data',
  1: 'INIT',
  2: 'INIT ACK',
  3: 'SACK',
  4: 'HEARTBEAT',
  5: 'HEARTBEAT ACK',
  6: 'ABORT',
  7: 'SHUTDOWN',
  8: 'SHUTDOWN ACK',
  9: 'ERROR',
  10: 'COOKIE ECHO',
  11: 'COOKIE ACK',
  14: 'SHUTDOWN COMPLETE',
};
const dataHeader = 16;

function sctpMeaning(chunks: { type: number; length: number }[], way: Way, { phase }: Before): Meaning {
  const bytes = chunks.filter(({ type }) => type === 0).reduce((sum, { length }) => sum + length - dataHeader, 0);
  const names = chunks.filter(({ type }) => type !== 0).map(({ type }) => chunkNames[type] ?? `chunk ${type}`);
  const label = [bytes > 0 ? carries(way, bytes) : undefined, ...names].filter(Boolean).join(', ') || 'a packet';
  const has = (...types: number[]) => chunks.some(({ type }) => types.includes(type));
  const bare = bytes === 0 && !has(0, 1, 2, 6, 7, 8, 10, 11, 14);
  if (has(6, 7, 8, 14) || phase === 'close') return { label, phase: 'close', bare };
  if (has(1, 2, 10, 11)) return { label, phase: 'handshake', bare };
  if (bytes > 0) return { label, phase: talk(way), bare };
  return { label, phase: phase ?? 'handshake', bare };
}
