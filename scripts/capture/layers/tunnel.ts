import { uint16 } from '../bytes.ts';
import { byProtocol, protocols } from './ip.ts';
import type { Reader } from './layer.ts';
import { byEtherType } from './link.ts';

/** RFC 2784 and 2890: checksum, key and sequence number take four bytes each. */
export const readGre: Reader = (bytes, length) => {
  if (bytes.length < 4) return undefined;
  const flags = bytes[0] ?? 0;
  const header = 4 + [0x80, 0x20, 0x10].filter((flag) => (flags & flag) !== 0).length * 4;
  const protocol = uint16(bytes, 2);
  return {
    layer: { kind: 'gre', protocol },
    rest: bytes.subarray(header),
    length: length - header,
    next: byEtherType(protocol),
  };
};

/**
 * The payload of UDP at a port of a tunnel. Version 0 has a header of four bytes and more; version 1 is an IP packet without a
 * header of GUE, and so is what FOU sends.
 */
export const readGue: Reader = (bytes, length) => {
  const first = bytes[0];
  if (first === undefined) return undefined;
  const direct = { 4: protocols.ipip, 6: protocols.ipv6 }[first >> 4];
  if (direct !== undefined) {
    return { layer: { kind: 'gue', protocol: direct }, rest: bytes, length, next: byProtocol(direct) };
  }
  if (bytes.length < 4) return undefined;
  const header = 4 + (first & 0x1f) * 4;
  const isControl = (first & 0x20) !== 0;
  const protocol = bytes[1] ?? 0;
  return {
    layer: { kind: 'gue', protocol },
    rest: bytes.subarray(header),
    length: length - header,
    next: isControl ? undefined : byProtocol(protocol),
  };
};
