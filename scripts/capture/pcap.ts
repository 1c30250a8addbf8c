import { viewOf } from './bytes.ts';

/** A record of a pcap file: a frame without the name of its network. */
export interface PcapRecord {
  /** Microseconds since 1970. */
  time: number;
  bytes: Uint8Array;
  /** Bytes that the frame had on the wire. */
  length: number;
}

/** What the header of a pcap file says about its records. */
export interface PcapHeader {
  littleEndian: boolean;
  nanoseconds: boolean;
  /** 1 is Ethernet (LINKTYPE_ in pcap-linktype(7)). */
  linkType: number;
}

const headerBytes = 24;
const recordHeaderBytes = 16;
/** No program captures more of a frame (MAXIMUM_SNAPLEN of libpcap). */
const mostBytes = 262_144;

/** Magic numbers of pcap-savefile(5), as a big-endian reader sees them. */
const magics: Record<number, Pick<PcapHeader, 'littleEndian' | 'nanoseconds'>> = {
  2712847316: { littleEndian: false, nanoseconds: false },
  3569595041: { littleEndian: true, nanoseconds: false },
  2712812621: { littleEndian: false, nanoseconds: true },
  1295823521: { littleEndian: true, nanoseconds: true },
};

/**
 * Reads a pcap file (pcap-savefile(5)) that may still grow: a record that is not complete yet is left for the next time.
 * @param from where to go on: `end` of the last call
 * @throws Error when the bytes are not a pcap file
 */
export function readPcap(file: Uint8Array, from = 0): { records: PcapRecord[]; end: number } {
  if (file.length < headerBytes) return { records: [], end: 0 };
  const header = readPcapHeader(file);
  const view = viewOf(file);
  const records: PcapRecord[] = [];
  let at = Math.max(from, headerBytes);
  while (at + recordHeaderBytes <= file.length) {
    const [seconds = 0, fraction = 0, captured = 0, length = 0] = [0, 4, 8, 12].map((offset) =>
      view.getUint32(at + offset, header.littleEndian),
    );
    if (captured > mostBytes) throw new Error(`the pcap file is damaged at byte ${at}: a record of ${captured} bytes`);
    const begin = at + recordHeaderBytes;
    if (begin + captured > file.length) break;
    const micros = header.nanoseconds ? Math.floor(fraction / 1000) : fraction;
    records.push({ time: seconds * 1_000_000 + micros, bytes: file.subarray(begin, begin + captured), length });
    at = begin + captured;
  }
  return { records, end: at };
}

/** @throws Error when the bytes do not begin like a pcap file */
export function readPcapHeader(file: Uint8Array): PcapHeader {
  const view = viewOf(file);
  const kind = magics[view.getUint32(0)];
  if (!kind) throw new Error('this is not a pcap file');
  return { ...kind, linkType: view.getUint32(20, kind.littleEndian) & 0xffff };
}
