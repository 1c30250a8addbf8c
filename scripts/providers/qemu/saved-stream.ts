import { ProviderError } from '../../errors.ts';

// The stream that QEMU's command `migrate` sends: migration/savevm.c and migration/ram.c of QEMU 5.0 and later. It is what machines of
// one version send to those of the next, so it does not change. Numbers are big-endian.

const pageSize = 4096;
const magic = 0x5145564d;
const section = { part: 2, end: 3 } as const;
/** QEMU_VM_COMMAND: from 10.0 on there is one before the memory's end (migration_switchover_start in migration/migration.c). */
const command = 8;
const footerMark = 0x7e;
/** The low bits of a record's address. */
const flag = { zero: 0x02, sizes: 0x04, page: 0x08, end: 0x10, sameBlock: 0x20 } as const;

/** RAM_SAVE_FLAG and the rest of a record of the section `ram`. */
interface Block {
  name: string;
  /** The name with its length in front, as it stands in the stream. */
  encoded: Buffer;
}

interface Sink {
  /** Some pages that follow each other, at a place of the memory in bytes. Zeros are left out. */
  memory(at: number, pages: readonly Buffer[]): Promise<void>;
  /** The rest of the stream: it restores a machine whose memory is there already. */
  state(bytes: Buffer): void;
}

/**
 * Splits a saved machine into its memory and everything else, so that machines can map the memory and read the rest. The stream must
 * have been made with the capability x-ignore-shared.
 * @param memory QEMU's name of the memory
 * @throws ProviderError for another stream
 */
export async function splitStream(stream: AsyncIterable<Buffer>, memory: string, sink: Sink): Promise<void> {
  const reader = new Reader(stream);
  const pages = new Pages(sink);
  if ((await reader.peek(4)).readUInt32BE() !== magic) throw unknown('its first bytes');
  const ram = await copyHead(reader, sink);
  const records = new Records(reader, memory, pages, sink);
  await records.copy();
  for (let kind = 0; kind !== section.end; ) {
    kind = (await reader.peek(1))[0] ?? 0;
    if (kind === command) await copyCommand(reader, sink);
    else if (kind === section.part || kind === section.end) {
      const head = await reader.take(5);
      if (head.readUInt32BE(1) !== ram) throw unknown('a section that is not of the memory');
      sink.state(head);
      await records.copy();
    } else throw unknown(`a section of kind ${kind} before the memory’s end`);
  }
  await reader.peek(5); // the devices: a stream that ends here has none
  await pages.flush();
  for await (const rest of reader.rest()) sink.state(rest);
}

/**
 * Copies what precedes the memory's records.
 * @returns the number of the section `ram`
 */
async function copyHead(reader: Reader, sink: Sink): Promise<number> {
  // Its name, instance 0, version 4; before it the number, behind the byte that starts a section.
  const name = Buffer.from('\u0003ram\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0004', 'latin1');
  const longest = 4096;
  let size = name.length + 5;
  while (!(await reader.peek(size)).subarray(-name.length).equals(name)) {
    if (++size > longest) throw unknown('no memory in it');
  }
  const head = await reader.take(size);
  sink.state(head);
  return head.readUInt32BE(size - name.length - 4);
}

/** Its number, and what belongs to it with its length in front. */
async function copyCommand(reader: Reader, sink: Sink): Promise<void> {
  const head = await reader.peek(5);
  sink.state(await reader.take(5 + head.readUInt16BE(3)));
}

/** Copies the records of the section `ram`, but for pages of the memory itself. What stays are pages of ROMs. */
class Records {
  readonly #reader: Reader;
  readonly #memory: string;
  readonly #pages: Pages;
  readonly #sink: Sink;
  /** A record may say that it belongs to the block of the one before, in an earlier section too. */
  #block: Block | undefined;

  constructor(reader: Reader, memory: string, pages: Pages, sink: Sink) {
    this.#reader = reader;
    this.#memory = memory;
    this.#pages = pages;
    this.#sink = sink;
  }

  /** Up to the end of this part of the section, with the footer. */
  async copy(): Promise<void> {
    const reader = this.#reader;
    for (;;) {
      const head = reader.now(8) ?? (await reader.take(8));
      const flags = head.readUInt16BE(6) & (pageSize - 1);
      const at = head.readUInt32BE(0) * 2 ** 32 + head.readUInt32BE(4) - flags;
      const kind = flags & ~flag.sameBlock;
      if (kind === flag.end) break;
      if (kind === flag.sizes) await this.#sizes(head, at);
      else if (kind === flag.page || kind === flag.zero) await this.#page(at, kind, (flags & flag.sameBlock) !== 0);
      else throw unknown(`a record of kind ${flags}`);
    }
    const end = Buffer.alloc(8);
    end.writeUInt32BE(flag.end, 4);
    const footer = await reader.take(5);
    if (footer[0] !== footerMark) throw unknown('no end of a section');
    this.#sink.state(Buffer.concat([end, footer]));
  }

  /** The list of blocks: name, size, address. */
  async #sizes(head: Buffer, total: number): Promise<void> {
    this.#sink.state(head);
    for (let remaining = total; remaining > 0; ) {
      const { encoded } = await this.#readBlock();
      const sizes = await this.#reader.take(16);
      this.#sink.state(Buffer.concat([encoded, sizes]));
      const size = Number(sizes.readBigUInt64BE());
      if (size === 0) throw unknown('a block of no size');
      remaining -= size;
    }
  }

  async #page(at: number, kind: number, same: boolean): Promise<void> {
    const block = same ? this.#block : await this.#readBlock();
    if (!block) throw unknown('a page of no block');
    this.#block = block;
    const length = kind === flag.page ? pageSize : 1;
    const content = this.#reader.now(length) ?? (await this.#reader.take(length));
    if (block.name === this.#memory) {
      if (kind === flag.page) await this.#pages.add(at, content);
      else if (content[0] !== 0) await this.#pages.add(at, Buffer.alloc(pageSize, content[0]));
      return;
    }
    const head = Buffer.alloc(8);
    head.writeUInt32BE(Math.floor(at / 2 ** 32), 0);
    head.writeUInt32BE((at % 2 ** 32) + kind, 4);
    this.#sink.state(Buffer.concat([head, block.encoded, content]));
  }

  async #readBlock(): Promise<Block> {
    const [length = 0] = await this.#reader.peek(1);
    const encoded = Buffer.from(await this.#reader.take(1 + length));
    return { name: encoded.toString('latin1', 1), encoded };
  }
}

/** Gathers pages that follow each other. */
class Pages {
  readonly #sink: Sink;
  #at = 0;
  #gathered: Buffer[] = [];

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  async add(at: number, page: Buffer): Promise<void> {
    if (this.#gathered.length >= 256 || at !== this.#at + this.#gathered.length * pageSize) {
      await this.flush();
      this.#at = at;
    }
    this.#gathered.push(page);
  }

  async flush(): Promise<void> {
    if (this.#gathered.length > 0) await this.#sink.memory(this.#at, this.#gathered);
    this.#gathered = [];
  }
}

/** Bytes of a stream, by number. */
class Reader {
  readonly #chunks: AsyncIterator<Buffer>;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** The next bytes if they are there already: most are, and to wait for each page would take long. */
  now(count: number): Buffer | undefined {
    if (this.#bytes.length < count) return undefined;
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  async take(count: number): Promise<Buffer> {
    await this.peek(count);
    return this.now(count) as Buffer;
  }

  /** The next bytes, which are then read once more. */
  async peek(count: number): Promise<Buffer> {
    while (this.#bytes.length < count) {
      const { value, done } = await this.#chunks.next();
      if (done) throw new ProviderError('QEMU ended in the middle of saving a machine');
      this.#bytes = this.#bytes.length === 0 ? value : Buffer.concat([this.#bytes, value]);
    }
    return this.#bytes.subarray(0, count);
  }

  async *rest(): AsyncGenerator<Buffer> {
    if (this.#bytes.length > 0) yield this.#bytes;
    for (;;) {
      const { value, done } = await this.#chunks.next();
      if (done) return;
      yield value;
    }
  }
}

function unknown(what: string): ProviderError {
  return new ProviderError(`QEMU saved a machine in a way that this version of lvs-lab does not know: ${what}`);
}
