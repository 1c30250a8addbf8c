import { ProviderError } from '../../errors.ts';
import type { NetworkName } from '../../model/words.ts';
import type { SeenFrame } from '../provider.ts';
import { CapturedFile } from './captured-file.ts';
import { type Sighting, SightingReader } from './sightings.ts';

/** A network that is captured. */
export interface Watched {
  network: NetworkName;
  /** What the switch writes. */
  file: string;
  /** Nodes by the numbers of their ports, when the capture began. */
  nodes: ReadonlyMap<number, string>;
  /** Addresses that the switch knew then, as hex digits. */
  known: readonly string[];
  /** Bytes that the file had then: what is before was for somebody else. */
  begin: number;
  /** Bytes that it had at the end; missing while the capture goes on. */
  end?: number;
}

/** Reads the frames of a network from the file that its switch writes. */
export class NetworkReader {
  readonly #watched: Watched;
  readonly #file: CapturedFile;
  readonly #sightings: SightingReader;
  /** Bytes of what was read. */
  #offset = 24;
  /** How many of the records so far were before `begin`, and before `end`. */
  #before = 0;
  #until = 0;

  private constructor(watched: Watched, file: CapturedFile) {
    this.#watched = watched;
    this.#file = file;
    this.#sightings = new SightingReader({ plugged: watched.nodes.size, known: watched.known });
  }

  /**
   * A frame's records follow each other, so the file is read from its first one: a look may begin in the middle of a frame's.
   * @throws ProviderError when the lab has ended
   */
  static async open(watched: Watched): Promise<NetworkReader> {
    const file = await CapturedFile.open(watched.file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      throw new ProviderError(`network ${watched.network} is not captured any more`, { cause: 'its lab has ended' });
    });
    return new NetworkReader(watched, file);
  }

  /**
   * Reads on.
   * @returns frames of which all records are there; how many records were read; the latest time
   */
  async read(): Promise<{ found: SeenFrame[]; records: number; latest: number }> {
    const records = await this.#file.read();
    const { begin, end = Infinity } = this.#watched;
    for (const { bytes } of records) {
      if (this.#offset < begin) this.#before++;
      if (this.#offset < end) this.#until++;
      this.#offset += 16 + bytes.length;
    }
    const found = this.#wanted(this.#sightings.take(records));
    return { found, records: records.length, latest: records.at(-1)?.time ?? 0 };
  }

  /** The last frames, when no more records will come. */
  rest(): SeenFrame[] {
    return this.#wanted(this.#sightings.rest());
  }

  /** The time from which on frames may come; Infinity if all records were understood. */
  get waitingSince(): number {
    return this.#sightings.waitingSince ?? Infinity;
  }

  /** Whether everything before the end was read. */
  get isDone(): boolean {
    return this.#offset >= (this.#watched.end ?? Infinity) && this.#sightings.waitingSince === undefined;
  }

  /** Whether no more will come, because the lab has ended. */
  isGone(): Promise<boolean> {
    return this.#file.isGone();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  #wanted(sightings: readonly Sighting[]): SeenFrame[] {
    const { network, nodes } = this.#watched;
    return sightings
      .filter(({ at }) => at >= this.#before && at < this.#until)
      .map(({ time, bytes, port }) => ({
        network,
        ...(port !== undefined && { end: nodes.get(port) ?? `port ${port}` }),
        time,
        bytes,
      }));
  }
}
