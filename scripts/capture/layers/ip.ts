import { ipv4Text, ipv6Text, uint16, uint32 } from '../bytes.ts';
import type { Fragment, Next, Reader } from './layer.ts';

/** IP protocol numbers (IANA) of what is read. */
export const protocols = { icmp: 1, ipip: 4, tcp: 6, udp: 17, ipv6: 41, gre: 47, icmpv6: 58, sctp: 132 } as const;

const readers: Record<number, Next> = {
  [protocols.icmp]: 'icmp',
  [protocols.ipip]: 'ipv4',
  [protocols.tcp]: 'tcp',
  [protocols.udp]: 'udp',
  [protocols.ipv6]: 'ipv6',
  [protocols.gre]: 'gre',
  [protocols.icmpv6]: 'icmpv6',
  [protocols.sctp]: 'sctp',
};

export function byProtocol(protocol: number): Next | undefined {
  return readers[protocol];
}

/** Behind a fragment that is not the first there is no header. */
const following = (protocol: number, fragment: Fragment | undefined) =>
  fragment && fragment.offset > 0 ? undefined : byProtocol(protocol);

export const readIpv4: Reader = (bytes) => {
  const header = ((bytes[0] ?? 0) & 0xf) * 4;
  if (bytes.length < 20 || (bytes[0] ?? 0) >> 4 !== 4 || header < 20) return undefined;
  const total = uint16(bytes, 2);
  const parts = uint16(bytes, 6);
  const [offset, more] = [(parts & 0x1fff) * 8, (parts & 0x2000) !== 0];
  const fragment = offset > 0 || more ? { id: uint16(bytes, 4), offset, more } : undefined;
  const protocol = bytes[9] ?? 0;
  return {
    layer: {
      kind: 'ipv4',
      source: ipv4Text(bytes, 12),
      target: ipv4Text(bytes, 16),
      ttl: bytes[8] ?? 0,
      protocol,
      length: total,
      dontFragment: (parts & 0x4000) !== 0,
      ...(fragment && { fragment }),
    },
    rest: bytes.subarray(header, Math.max(header, total)), // Ethernet pads short frames
    length: Math.max(0, total - header),
    next: following(protocol, fragment),
  };
};

/** Extension headers: their number, and whether they have the form of RFC 8200, section 4: next header, length in units of 8. */
const [hopByHop, routing, fragmentHeader, destinationOptions] = [0, 43, 44, 60];

export const readIpv6: Reader = (bytes) => {
  if (bytes.length < 40 || (bytes[0] ?? 0) >> 4 !== 6) return undefined;
  const total = 40 + uint16(bytes, 4);
  let protocol = bytes[6] ?? 0;
  let at = 40;
  let fragment: Fragment | undefined;
  while ([hopByHop, routing, fragmentHeader, destinationOptions].includes(protocol)) {
    if (bytes.length < at + 8) return undefined;
    if (protocol === fragmentHeader) {
      const parts = uint16(bytes, at + 2);
      fragment = { id: uint32(bytes, at + 4), offset: parts & 0xfff8, more: (parts & 1) !== 0 };
    }
    const size = protocol === fragmentHeader ? 8 : ((bytes[at + 1] ?? 0) + 1) * 8;
    protocol = bytes[at] ?? 0;
    at += size;
    if (fragment && fragment.offset > 0) break; // what follows belongs to the packet that was cut into pieces
  }
  return {
    layer: {
      kind: 'ipv6',
      source: ipv6Text(bytes, 8),
      target: ipv6Text(bytes, 24),
      ttl: bytes[7] ?? 0,
      protocol,
      length: total,
      ...(fragment && { fragment }),
    },
    rest: bytes.subarray(at, Math.max(at, total)),
    length: Math.max(0, total - at),
    next: following(protocol, fragment),
  };
};
