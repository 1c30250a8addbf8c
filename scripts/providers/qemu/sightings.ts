import type { PcapRecord } from '../../capture/pcap.ts';

/** A frame that was seen once: at the switch when it came in, or at the node's end of a line. */
export interface Sighting {
  /** Microseconds since 1970. */
  time: number;
  bytes: Uint8Array;
  /** The port of the node whose end of its line it is; undefined at the switch. */
  port?: number;
  /** Number of the record. The first record that the reader got has the lowest one. */
  at: number;
}

/** A record, and its frame without the tag of a line. */
interface Item {
  time: number;
  bytes: Buffer;
  plain: Buffer;
  /** The VLAN of its tag. */
  tag?: number;
  at: number;
}

/**
 * Makes sightings of what pdump writes: a record when a frame comes in at a port of the switch, and one for each port that it goes out
 * at (PKTFILTIN and PKTFILTOUT in vde's port.c; pktevent in pdump.c). Records do not name their port. But one thread writes them, so
 * those of one frame follow each other; and at port A of a bad line (line-cable.ts) a frame has a tag with the
 * number of the node's port. So, with U for a record without a tag and T for the same frame with one:
 *
 *     U T         the node sent it into its line
 *     T U         it came out of the line at the node
 *     U U, U U U  it came in at the switch and went out at one port, or at several
 *     U           it came in at the switch, and went nowhere
 */
export class SightingReader {
  /** Records whose frame may have more of them. */
  #waiting: Item[] = [];
  #count = 0;
  /** The line through which the frames of a source come. */
  readonly #lines = new Map<string, number>();
  /** When a source was last seen at the switch, which knows its port since then. */
  readonly #learned = new Map<string, number>();
  readonly #known: readonly string[];
  readonly #plugged: number;

  /**
   * @param plugged how many nodes the switch has: a frame to all goes out at one port less
   * @param known addresses that the switch knew at the first record, as hex digits
   */
  constructor({ plugged, known = [] }: { plugged: number; known?: readonly string[] }) {
    this.#plugged = plugged;
    this.#known = known;
  }

  /** @returns the frames whose records are complete */
  take(records: readonly PcapRecord[]): Sighting[] {
    const [first] = records;
    if (this.#count === 0 && first) for (const address of this.#known) this.#learned.set(address, first.time);
    const items = records.map(({ time, bytes }) => itemOf(time, bytes, this.#count++));
    const all = [...this.#waiting, ...items];
    const found: Sighting[] = [];
    let start = 0;
    for (let at = 1; at < all.length; at++) {
      if (sameFrame(all[at - 1], all[at])) continue;
      found.push(...this.#run(all.slice(start, at)));
      start = at;
    }
    this.#waiting = all.slice(start);
    return found;
  }

  /** The frames of the last records, when no more will come. */
  rest(): Sighting[] {
    return this.#run(this.#waiting.splice(0));
  }

  /** The time from which on more sightings may come. */
  get waitingSince(): number | undefined {
    return this.#waiting[0]?.time;
  }

  /** Reads records of the same frame that follow each other. */
  #run(items: readonly Item[]): Sighting[] {
    const [first, second] = items;
    if (!first) return [];
    const source = addressAt(first.plain, 6);
    if (first.tag === undefined && second?.tag !== undefined) this.#lines.set(source, second.tag);
    const line = this.#lines.get(source);
    const isSent = (at: number) => items[at]?.tag === undefined && line !== undefined && items[at + 1]?.tag === line;
    const found: Sighting[] = [];
    let at = 0;
    while (at < items.length) {
      const item = items[at] as Item;
      if (isSent(at)) {
        found.push(sighting(item, line));
        at += 2;
      } else if (item.tag !== undefined && items[at + 1] && items[at + 1]?.tag === undefined) {
        found.push(sighting(item, item.tag));
        at += 2;
      } else {
        let end = at + 1;
        while (end < items.length && items[end]?.tag === undefined && !isSent(end)) end++;
        found.push(...this.#atSwitch(items.slice(at, end), source));
        at = end;
      }
    }
    return found;
  }

  /** Frames that came in at the switch one after the other, and are the same. */
  #atSwitch(items: readonly Item[], source: string): Sighting[] {
    const [first] = items as [Item];
    const count = items.length;
    const each = this.#isKnown(first) ? 2 : this.#plugged;
    const frames = each === 2 ? Math.ceil(count / 2) : Math.max(1, Math.round(count / each));
    this.#learned.set(source, first.time);
    return Array.from({ length: frames }, (_, n) => sighting(items[Math.floor((n * count) / frames)] as Item));
  }

  /** Whether the switch sends it to one port alone. */
  #isKnown({ plain, time }: Item): boolean {
    if (((plain[0] ?? 0) & 1) === 1) return false; // to all
    const learned = this.#learned.get(addressAt(plain, 0));
    return learned !== undefined && time - learned < rememberedMicros;
  }
}

/** The switch forgets a source after 100 s (GC_EXPIRE in vde's hash.c), and looks every two. */
const rememberedMicros = 99e6;

function itemOf(time: number, bytes: Uint8Array, at: number): Item {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (frame.length < 18 || frame.readUInt16BE(12) !== 0x8100) return { time, bytes: frame, plain: frame, at };
  const plain = Buffer.concat([frame.subarray(0, 12), frame.subarray(16)]);
  return { time, bytes: frame, plain, tag: frame.readUInt16BE(14) & 0xfff, at };
}

function sameFrame(one: Item | undefined, other: Item | undefined): boolean {
  return one !== undefined && other !== undefined && one.plain.equals(other.plain);
}

function sighting({ time, bytes, plain, at }: Item, port?: number): Sighting {
  // A tag that is not a line's is the guest's own.
  return port === undefined ? { time, bytes, at } : { time, bytes: plain, port, at };
}

function addressAt(frame: Buffer, offset: number): string {
  return frame.toString('hex', offset, offset + 6);
}
