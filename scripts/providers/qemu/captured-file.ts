import { type FileHandle, open } from 'node:fs/promises';
import { type PcapRecord, readPcap } from '../../capture/pcap.ts';

const pcapHeaderBytes = 24;
const recordHeaderBytes = 16;

/** Bytes that are read at once. */
const pieceBytes = 2 ** 20;

/** Reads a file of pcap that another process writes, record by record (pcap-savefile(5)). */
export class CapturedFile {
  readonly #file: FileHandle;
  #header = Buffer.alloc(0);
  #rest = Buffer.alloc(0);
  #position = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(path: string): Promise<CapturedFile> {
    return new CapturedFile(await open(path, 'r'));
  }

  /** All whole records that were not read yet. */
  async read(): Promise<PcapRecord[]> {
    const records: PcapRecord[] = [];
    for (let bytesRead = pieceBytes; bytesRead === pieceBytes; ) {
      const piece = Buffer.alloc(pieceBytes);
      ({ bytesRead } = await this.#file.read(piece, 0, pieceBytes, this.#position));
      this.#position += bytesRead;
      records.push(...this.#take(piece.subarray(0, bytesRead)));
    }
    return records;
  }

  #take(piece: Buffer): PcapRecord[] {
    if (piece.length === 0) return [];
    this.#rest = Buffer.concat([this.#rest, piece]);
    if (this.#header.length === 0) {
      if (this.#rest.length < pcapHeaderBytes) return [];
      this.#header = this.#rest.subarray(0, pcapHeaderBytes);
      this.#rest = this.#rest.subarray(pcapHeaderBytes);
    }
    const { records, end } = readPcap(Buffer.concat([this.#header, this.#rest]));
    this.#rest = this.#rest.subarray(Math.max(0, end - pcapHeaderBytes));
    return records;
  }

  /** Whether it was removed: its lab has ended. */
  async isGone(): Promise<boolean> {
    return (await this.#file.stat()).nlink === 0;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** A file of pcap, Ethernet with microseconds. */
export function pcapOf(frames: readonly { time: number; bytes: Uint8Array }[]): Uint8Array {
  const header = Buffer.alloc(pcapHeaderBytes);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262_144, 16); // MAXIMUM_SNAPLEN of libpcap
  header.writeUInt32LE(1, 20);
  const records = frames.flatMap(({ time, bytes }) => {
    const record = Buffer.alloc(recordHeaderBytes);
    record.writeUInt32LE(Math.floor(time / 1e6), 0);
    record.writeUInt32LE(time % 1e6, 4);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(bytes.length, 12);
    return [record, bytes];
  });
  return Buffer.concat([header, ...records]);
}
