import { type TcpFlag, tcpFlags } from '../../scripts/capture/layers/layer.ts';
import { ipv6Bytes } from '../../scripts/capture/pcapng.ts';

// Builds frames: each function puts a header in front of what is inside. Checksums are 0; no reader looks at them.

const u16 = (value: number) => [(value >>> 8) & 0xff, value & 0xff];
const u32 = (value: number) => [...u16(value >>> 16), ...u16(value & 0xffff)];
const mac = (text: string) => text.split(':').map((byte) => Number.parseInt(byte, 16));
const ip = (text: string) => (text.includes(':') ? ipv6Bytes(text) : text.split('.').map(Number));

/** What a header carries, with the numbers by which other headers announce it. */
export interface Inside {
  bytes: number[];
  etherType?: number;
  protocol?: number;
}

export const data = (count: number): Inside => ({ bytes: Array.from({ length: count }, (_, at) => (at * 7) & 0xff) });

export function ethernet(source: string, target: string, inside: Inside): Uint8Array {
  return Uint8Array.from([...mac(target), ...mac(source), ...u16(inside.etherType ?? 0), ...inside.bytes]);
}

export function vlan(id: number, inside: Inside): Inside {
  return { etherType: 0x8100, bytes: [...u16(id), ...u16(inside.etherType ?? 0), ...inside.bytes] };
}

export interface ArpFields {
  operation: number;
  senderMac: string;
  sender: string;
  targetMac: string;
  target: string;
}

export function arp({ operation, senderMac, sender, targetMac, target }: ArpFields): Inside {
  const head = [...u16(1), ...u16(0x0800), 6, 4, ...u16(operation)];
  return { etherType: 0x0806, bytes: [...head, ...mac(senderMac), ...ip(sender), ...mac(targetMac), ...ip(target)] };
}

export interface IpFields {
  source: string;
  target: string;
  ttl: number;
  id?: number;
  dontFragment?: boolean;
  fragment?: { id: number; offset: number; more: boolean };
  /** Bytes of options (IPv4) or of hop-by-hop options (IPv6), a multiple of 8. */
  options?: number;
}

export function ipv4(fields: IpFields, inside: Inside): Inside {
  const { source, target, ttl, dontFragment, fragment, options = 0 } = fields;
  const parts = (dontFragment ? 0x4000 : 0) | (fragment?.more ? 0x2000 : 0) | ((fragment?.offset ?? 0) / 8);
  const words = 5 + options / 4;
  const head = [0x40 | words, 0, ...u16(words * 4 + inside.bytes.length), ...u16(fragment?.id ?? fields.id ?? 0)];
  const rest = [...u16(parts), ttl, inside.protocol ?? 0, 0, 0, ...ip(source), ...ip(target)];
  const all = [...head, ...rest, ...Array<number>(options).fill(1), ...inside.bytes];
  return { etherType: 0x0800, protocol: 4, bytes: all };
}

export function ipv6({ source, target, ttl, fragment, options = 0 }: IpFields, inside: Inside): Inside {
  let { bytes, protocol = 59 } = inside;
  if (fragment) {
    bytes = [protocol, 0, ...u16(fragment.offset | (fragment.more ? 1 : 0)), ...u32(fragment.id), ...bytes];
    protocol = 44;
  }
  if (options > 0) {
    bytes = [protocol, options / 8 - 1, ...Array<number>(options - 2).fill(0), ...bytes];
    protocol = 0;
  }
  const head = [0x60, 0, 0, 0, ...u16(bytes.length), protocol, ttl];
  return { etherType: 0x86dd, protocol: 41, bytes: [...head, ...ip(source), ...ip(target), ...bytes] };
}

export interface TcpFields {
  sourcePort: number;
  targetPort: number;
  sequence: number;
  acknowledgement: number;
  flags: readonly TcpFlag[];
  window?: number;
  mss?: number;
  payload: number;
}

export function tcp(fields: TcpFields): Inside {
  const bits = tcpFlags.reduce((sum, flag, bit) => (fields.flags.includes(flag) ? sum | (1 << bit) : sum), 0);
  // As Linux sends them: the largest segment in a SYN, and a time stamp.
  const stamp = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2];
  const all = fields.mss === undefined ? stamp : [2, 4, ...u16(fields.mss), ...stamp];
  const head = [...u16(fields.sourcePort), ...u16(fields.targetPort), ...u32(fields.sequence)];
  const rest = [
    ...u32(fields.acknowledgement),
    (5 + all.length / 4) << 4,
    bits,
    ...u16(fields.window ?? 64240),
    0,
    0,
    0,
    0,
  ];
  return { protocol: 6, bytes: [...head, ...rest, ...all, ...data(fields.payload).bytes] };
}

export function udp(sourcePort: number, targetPort: number, inside: Inside): Inside {
  const head = [...u16(sourcePort), ...u16(targetPort), ...u16(8 + inside.bytes.length), 0, 0];
  return { protocol: 17, bytes: [...head, ...inside.bytes] };
}

export function sctp(sourcePort: number, targetPort: number, chunks: { type: number; length: number }[]): Inside {
  const each = chunks.flatMap(({ type, length }) => [
    ...[type, 0, ...u16(length)],
    ...Array<number>(Math.ceil(length / 4) * 4 - 4).fill(type),
  ]);
  return { protocol: 132, bytes: [...u16(sourcePort), ...u16(targetPort), ...Array<number>(8).fill(9), ...each] };
}

export function gre(inside: Inside, key?: number): Inside {
  const flags = key === undefined ? [0, 0] : [0x20, 0];
  return {
    protocol: 47,
    bytes: [...flags, ...u16(inside.etherType ?? 0), ...(key === undefined ? [] : u32(key)), ...inside.bytes],
  };
}

/** GUE of version 0, without the header of UDP. */
export function gue(inside: Inside, extra = 0): Inside {
  return { bytes: [extra, inside.protocol ?? 0, 0, 0, ...Array<number>(extra * 4).fill(0), ...inside.bytes] };
}

export function icmp(type: number, code: number, rest: number, inside: Inside = { bytes: [] }): Inside {
  return { protocol: 1, bytes: [type, code, 0, 0, ...u32(rest), ...inside.bytes] };
}

export function icmpv6(type: number, code: number, rest: number, inside: Inside = { bytes: [] }): Inside {
  return { protocol: 58, bytes: [type, code, 0, 0, ...u32(rest), ...inside.bytes] };
}

/** What follows the first eight bytes of a neighbour solicitation (option 1) or advertisement (option 2). */
export function neighbour(target: string, option?: { kind: 1 | 2; mac: string }): Inside {
  return { bytes: [...ip(target), ...(option ? [option.kind, 1, ...mac(option.mac)] : [])] };
}
