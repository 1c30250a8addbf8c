import { uint16, uint32 } from '../bytes.ts';
import { protocols } from './ip.ts';
import { type Reader, type Sctp, type Step, tcpFlags } from './layer.ts';

export const readUdp: Reader = (bytes, length) => {
  if (bytes.length < 8) return portsAlone(protocols.udp, bytes, length);
  const layer = {
    kind: 'udp',
    sourcePort: uint16(bytes, 0),
    targetPort: uint16(bytes, 2),
    payload: Math.max(0, length - 8),
  } as const;
  return { layer, rest: bytes.subarray(8), length: layer.payload };
};

export const readTcp: Reader = (bytes, length) => {
  if (bytes.length < 20) return portsAlone(protocols.tcp, bytes, length);
  const header = ((bytes[12] ?? 0) >> 4) * 4;
  const payload = Math.max(0, length - header);
  const mss = maximumSegment(bytes.subarray(20, Math.max(20, header)));
  const layer = {
    kind: 'tcp',
    sourcePort: uint16(bytes, 0),
    targetPort: uint16(bytes, 2),
    sequence: uint32(bytes, 4),
    acknowledgement: uint32(bytes, 8),
    flags: tcpFlags.filter((_, bit) => ((bytes[13] ?? 0) & (1 << bit)) !== 0),
    window: uint16(bytes, 14),
    payload,
    ...(mss !== undefined && { mss }),
  } as const;
  return { layer, rest: bytes.subarray(header), length: payload };
};

/** The option of kind 2 (RFC 9293, section 3.1), as far as the options were captured. */
function maximumSegment(options: Uint8Array): number | undefined {
  for (let at = 0; at + 4 <= options.length; ) {
    const kind = options[at];
    if (kind === 0) return undefined;
    if (kind === 2) return uint16(options, at + 2);
    at += kind === 1 ? 1 : Math.max(2, options[at + 1] ?? 2);
  }
  return undefined;
}

/** RFC 9260, section 3: a header of twelve bytes, then chunks, each padded to four bytes. */
export const readSctp: Reader = (bytes, length) => {
  if (bytes.length < 12) return portsAlone(protocols.sctp, bytes, length);
  const chunks: Sctp['chunks'] = [];
  for (let at = 12; at + 4 <= bytes.length; ) {
    const size = uint16(bytes, at + 2);
    chunks.push({ type: bytes[at] ?? 0, length: size });
    at += Math.max(4, Math.ceil(size / 4) * 4);
  }
  return {
    layer: { kind: 'sctp', sourcePort: uint16(bytes, 0), targetPort: uint16(bytes, 2), chunks },
    rest: bytes.subarray(12),
    length: length - 12,
  };
};

function portsAlone(protocol: number, bytes: Uint8Array, length: number): Step | undefined {
  if (bytes.length < 2) return undefined;
  const target = bytes.length >= 4 ? { targetPort: uint16(bytes, 2) } : {};
  return {
    layer: { kind: 'ports', protocol, sourcePort: uint16(bytes, 0), ...target, length },
    rest: bytes.subarray(bytes.length),
    length: 0,
  };
}
