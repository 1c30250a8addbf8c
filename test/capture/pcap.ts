import type { PcapHeader, PcapRecord } from '../../scripts/capture/pcap.ts';

/** Writes a pcap file, as programs on other computers may. */
export function pcapFile(
  { littleEndian, nanoseconds }: Omit<PcapHeader, 'linkType'>,
  records: readonly PcapRecord[],
): Uint8Array {
  const size = 24 + records.reduce((sum, { bytes }) => sum + 16 + bytes.length, 0);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  const put = (at: number, ...values: number[]) => {
    for (const [index, value] of values.entries()) view.setUint32(at + index * 4, value, littleEndian);
  };
  put(0, nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, 0x0004_0002, 0, 0, 262_144, 1);
  let at = 24;
  for (const { time, bytes, length } of records) {
    const fraction = (time % 1_000_000) * (nanoseconds ? 1000 : 1);
    put(at, Math.floor(time / 1_000_000), fraction, bytes.length, length);
    file.set(bytes, at + 16);
    at += 16 + bytes.length;
  }
  return file;
}

/** The blocks of a little-endian pcapng file: a packet's interface, time, bytes and comments; the names of interfaces and hosts. */
export function readPcapng(file: Uint8Array) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const u16 = (at: number) => view.getUint16(at, true);
  const u32 = (at: number) => view.getUint32(at, true);
  const text = (from: number, length: number) => new TextDecoder().decode(file.subarray(from, from + length));
  const up4 = (length: number) => Math.ceil(length / 4) * 4;
  const optionsFrom = (begin: number, end: number) => {
    const found: [code: number, text: string][] = [];
    for (let at = begin; at + 4 <= end && u16(at) !== 0; at += 4 + up4(u16(at + 2))) {
      found.push([u16(at), text(at + 4, u16(at + 2))]);
    }
    return found;
  };
  const read = {
    interfaces: [] as string[],
    names: [] as string[],
    packets: [] as (PcapRecord & { at: number; comments: string[] })[],
  };
  for (let at = 0; at < file.length; at += u32(at + 4)) {
    const end = at + u32(at + 4) - 4;
    if (u32(end) !== u32(at + 4)) throw new Error(`the block at byte ${at} has two lengths`);
    const type = u32(at);
    if (type === 1) read.interfaces.push(optionsFrom(at + 16, end).find(([code]) => code === 2)?.[1] ?? '');
    if (type === 4) {
      for (let one = at + 8; u16(one) !== 0; one += 4 + up4(u16(one + 2))) {
        const address = u16(one) === 1 ? 4 : 16;
        read.names.push(text(one + 4 + address, u16(one + 2) - address - 1));
      }
    }
    if (type === 6) {
      const captured = u32(at + 20);
      read.packets.push({
        at: u32(at + 8),
        time: u32(at + 12) * 2 ** 32 + u32(at + 16),
        bytes: file.subarray(at + 28, at + 28 + captured),
        length: u32(at + 24),
        comments: optionsFrom(at + 28 + up4(captured), end).map(([, comment]) => comment),
      });
    }
  }
  return read;
}
