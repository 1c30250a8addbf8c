import type { Packet } from './followed.ts';
import { type Segment, samePacket } from './segment.ts';

type Sent = Pick<Packet, 'way' | 'segment'>;

/** Whether all that a packet carries was sent before, in the same connection and direction. */
export function isAgain(one: Sent, before: readonly Sent[]): boolean {
  const earlier = before.filter(({ way }) => way === one.way);
  const end = endOf(one.segment);
  if (end === undefined) return isOwn(one.segment) && earlier.some(({ segment }) => samePacket(segment, one.segment));
  return earlier.some(({ segment }) => {
    const known = endOf(segment);
    return known !== undefined && ((known - end) | 0) >= 0; // TCP's numbers wrap at 2^32
  });
}

/** An SCTP or UDP packet with a payload by which it can be recognised. */
function isOwn({ transport, payload }: Segment): boolean {
  return transport.kind !== 'ports' && transport.kind !== 'tcp' && payload.length > 0;
}

/** The sequence number after the data, SYN or FIN of a TCP segment. Undefined when it carries none of them. */
function endOf({ transport }: Segment): number | undefined {
  if (transport.kind !== 'tcp') return undefined;
  const signals = transport.flags.filter((flag) => flag === 'SYN' || flag === 'FIN').length;
  const carried = transport.payload + signals;
  return carried > 0 ? (transport.sequence + carried) | 0 : undefined;
}
