/** A network of a pcapng file. */
export interface CapturedInterface {
  name: string;
  description: string;
}

/** Addresses by the names of nodes. */
export type Names = readonly { address: string; name: string }[];

/** IANA-assigned block types and option codes of draft-ietf-opsawg-pcapng. */
const blocks = { section: 0x0a0d0d0a, interface: 1, names: 4, packet: 6 } as const;
const options = { comment: 1, name: 2, description: 3, application: 4 } as const;
const records = { ipv4: 1, ipv6: 2 } as const;
const ethernet = 1;

/** The beginning of a pcapng file: what follows are blocks of packets. Its numbers are little-endian, its times microseconds. */
export function pcapngHead(application: string, interfaces: readonly CapturedInterface[], names: Names): Uint8Array {
  const section = block(blocks.section, [
    ...u32(0x1a2b3c4d),
    ...u16(1),
    ...u16(0),
    ...[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], // length of the section: not known
    ...optionsOf([[options.application, application]]),
  ]);
  const networks = interfaces.map(({ name, description }) =>
    block(blocks.interface, [
      ...u16(ethernet),
      ...u16(0),
      ...u32(0), // no limit of a frame
      ...optionsOf([
        [options.name, name],
        [options.description, description],
      ]),
    ]),
  );
  return joined([section, ...networks, ...(names.length > 0 ? [namesBlock(names)] : [])]);
}

/**
 * A packet of a pcapng file.
 * @param at which of the interfaces it was seen on, from 0 on
 * @param frame.time microseconds since 1970
 */
export function pcapngPacket(
  at: number,
  { time, bytes, length }: { time: number; bytes: Uint8Array; length: number },
  comments: readonly string[] = [],
): Uint8Array {
  const head = [at, Math.floor(time / 2 ** 32), time % 2 ** 32, bytes.length, length].flatMap(u32);
  const tail = [...padding(bytes.length), ...optionsOf(comments.map((comment) => [options.comment, comment]))];
  const size = u32(12 + head.length + bytes.length + tail.length);
  return joined([[...u32(blocks.packet), ...size, ...head], bytes, [...tail, ...size]]);
}

function namesBlock(names: Names): Uint8Array {
  const all = names.flatMap(({ address, name }) => {
    const ipv6 = address.includes(':');
    const value = [...(ipv6 ? ipv6Bytes(address) : address.split('.').map(Number)), ...utf8(name), 0];
    return [...u16(ipv6 ? records.ipv6 : records.ipv4), ...u16(value.length), ...padded(value)];
  });
  return block(blocks.names, [...all, ...u16(0), ...u16(0)]);
}

/** The bytes of an address in any of its forms. */
export function ipv6Bytes(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => (text ? text.split(':') : []);
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(zeros).fill('0'), ...after].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

function block(type: number, body: readonly number[]): Uint8Array {
  const length = body.length + 12;
  return Uint8Array.from([...u32(type), ...u32(length), ...body, ...u32(length)]);
}

/** Options, with the one that ends them. */
function optionsOf(all: readonly (readonly [code: number, text: string])[]): number[] {
  if (all.length === 0) return [];
  const each = all.flatMap(([code, text]) => {
    const bytes = utf8(text);
    return [...u16(code), ...u16(bytes.length), ...padded(bytes)];
  });
  return [...each, ...u16(0), ...u16(0)];
}

function utf8(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

/** Blocks and options are padded to four bytes. */
function padded(bytes: readonly number[]): number[] {
  return [...bytes, ...padding(bytes.length)];
}

function padding(length: number): number[] {
  return Array<number>((4 - (length % 4)) % 4).fill(0);
}

function u16(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff];
}

function u32(value: number): number[] {
  return [...u16(value & 0xffff), ...u16(value >>> 16)];
}

export function joined(parts: readonly ArrayLike<number>[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
