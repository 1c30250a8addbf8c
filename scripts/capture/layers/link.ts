import { ipv4Text, macText, uint16 } from '../bytes.ts';
import type { Arp, Next, Reader } from './layer.ts';

/** EtherTypes (IEEE 802) of what is read. */
const etherTypes: Record<number, Next> = {
  2048: 'ipv4',
  2054: 'arp',
  34525: 'ipv6',
  33024: 'vlan',
  34984: 'vlan',
};

export function byEtherType(type: number): Next | undefined {
  return etherTypes[type];
}

export const readEthernet: Reader = (bytes, length) => {
  if (bytes.length < 14) return undefined;
  return {
    layer: { kind: 'ethernet', source: macText(bytes, 6), target: macText(bytes, 0) },
    rest: bytes.subarray(14),
    length: length - 14,
    next: byEtherType(uint16(bytes, 12)),
  };
};

export const readVlan: Reader = (bytes, length) => {
  if (bytes.length < 4) return undefined;
  return {
    layer: { kind: 'vlan', id: uint16(bytes, 0) & 0xfff },
    rest: bytes.subarray(4),
    length: length - 4,
    next: byEtherType(uint16(bytes, 2)),
  };
};

/** Of Ethernet and IPv4 (RFC 826). */
export const readArp: Reader = (bytes, length) => {
  if (bytes.length < 28) return undefined;
  const operations: Record<number, Arp['operation']> = { 1: 'request', 2: 'reply' };
  return {
    layer: {
      kind: 'arp',
      operation: operations[uint16(bytes, 6)] ?? 'other',
      senderMac: macText(bytes, 8),
      sender: ipv4Text(bytes, 14),
      targetMac: macText(bytes, 18),
      target: ipv4Text(bytes, 24),
    },
    rest: bytes.subarray(28),
    length: length - 28,
  };
};
