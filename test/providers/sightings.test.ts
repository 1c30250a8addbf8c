import { appendFile, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { type PcapRecord, readPcap } from '../../scripts/capture/pcap.ts';
import { CapturedFile, pcapOf } from '../../scripts/providers/qemu/captured-file.ts';
import { type Sighting, SightingReader } from '../../scripts/providers/qemu/sightings.ts';
import { parseLearned } from '../../scripts/providers/qemu/switch-ports.ts';

const mac = (node: number) => `5254000100${String(node).padStart(2, '0')}`;
const everybody = 'ffffffffffff';

function frame(from: number, to: number | 'all', text: string, tag?: number): Buffer {
  const addresses = Buffer.from((to === 'all' ? everybody : mac(to)) + mac(from), 'hex');
  const tagBytes = tag === undefined ? Buffer.alloc(0) : Buffer.from([0x81, 0x00, tag >> 8, tag & 0xff]);
  return Buffer.concat([addresses, tagBytes, Buffer.from([0x88, 0xb5]), Buffer.from(text.padEnd(46, '.'))]);
}

/** A switch of four nodes that writes what pdump writes. The nodes with a line that is not all right are on ports of these numbers. */
class Writer {
  readonly records: PcapRecord[] = [];
  readonly expected: { port?: number; text: string }[] = [];
  readonly #lines: readonly number[];
  #time = 1_000_000;

  constructor(lines: readonly number[]) {
    this.#lines = lines;
  }

  #write(bytes: Buffer): void {
    this.#time += 15;
    this.records.push({ time: this.#time, bytes, length: bytes.length });
  }

  #expect(text: string, port?: number): void {
    this.expected.push(port === undefined ? { text } : { port, text });
  }

  /** A frame that passes, or is lost on the way from its node, or on the way to the other. It may come twice. */
  send(from: number, to: number | 'all', text: string, { lost = '', twice = false } = {}): void {
    const plain = frame(from, to, text);
    if (this.#lines.includes(from)) {
      this.#write(plain);
      this.#write(frame(from, to, text, from));
      this.#expect(text, from);
      if (lost === 'from') return;
    }
    for (let time = 0; time < (twice && this.#lines.includes(from) ? 2 : 1); time++) {
      this.#write(plain);
      this.#expect(text);
      for (let out = 0; out < (to === 'all' ? 3 : 1); out++) this.#write(plain);
    }
    for (const line of this.#lines) {
      if (line === from || (to !== 'all' && line !== to) || lost === 'to') continue;
      for (let time = 0; time < (twice && this.#lines.includes(from) ? 2 : 1); time++) {
        this.#write(frame(from, to, text, line));
        this.#write(plain);
        this.#expect(text, line);
      }
    }
  }
}

function seen(sightings: readonly Sighting[]): { port?: number; text: string }[] {
  return sightings.map(({ bytes, port }) => {
    const text = Buffer.from(bytes.subarray(14)).toString().replaceAll('.', '');
    return port === undefined ? { text } : { port, text };
  });
}

const known = [1, 2, 3, 4].map(mac);

/** Gives the records in pieces, as a look at a growing file finds them. */
function read(records: readonly PcapRecord[], pieces: readonly number[]): Sighting[] {
  const reader = new SightingReader({ plugged: 4, known });
  const found: Sighting[] = [];
  let at = 0;
  for (const count of [...pieces, records.length]) {
    found.push(...reader.take(records.slice(at, at + count)));
    at += count;
  }
  return [...found, ...reader.rest()];
}

test('whatever nodes send, over lines that lose and double frames: each frame is seen where it was', (t) => {
  const node = fc.integer({ min: 1, max: 4 });
  const sent = fc.record({
    from: node,
    to: fc.oneof(node, fc.constant('all' as const)),
    lost: fc.constantFrom('', '', 'from', 'to'),
    twice: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.subarray([1, 2, 3, 4]), fc.array(sent), fc.array(fc.nat(9)), (lines, all, pieces) => {
      const writer = new Writer(lines);
      for (const [at, one] of all.entries()) {
        if (one.from !== one.to) writer.send(one.from, one.to, `frame ${at}`, one);
      }
      t.deepEqual(seen(read(writer.records, pieces)), writer.expected);
    }),
    { numRuns: 1000 },
  );
});

test('a frame that is repeated at once is seen as often as it came', (t) => {
  const writer = new Writer([2]);
  for (let time = 0; time < 3; time++) writer.send(1, 'all', 'who has');
  writer.send(1, 3, 'again');
  writer.send(1, 3, 'again');
  for (let time = 0; time < 3; time++) writer.send(2, 3, 'lost', { lost: 'from' });
  writer.send(2, 3, 'lost');
  t.deepEqual(seen(read(writer.records, [])), writer.expected);
});

test('a frame to nobody is seen once; one with a tag of the guest’s own is not taken for a line’s', (t) => {
  const reader = new SightingReader({ plugged: 4, known });
  const bytes = [frame(1, 1, 'to itself'), frame(3, 'all', 'own tag', 2), frame(1, 2, 'last'), frame(1, 2, 'last')];
  const found = reader.take(bytes.map((one, at) => ({ time: at, bytes: one, length: one.length })));
  t.is(found.length, 2);
  t.is(reader.waitingSince, 2);
  t.deepEqual(
    [...found, ...reader.rest()].map(({ time, bytes: own, port }) => [time, own.length, port]),
    [
      [0, 60, undefined],
      [1, 64, undefined],
      [2, 60, undefined],
    ],
  );
});

test('an address that the switch does not know: the frame goes to all, and counts once', (t) => {
  const records = Array.from({ length: 4 }, (_, time) => ({ time, bytes: frame(1, 9, 'where'), length: 60 }));
  const reader = new SightingReader({ plugged: 4, known });
  t.is([...reader.take(records), ...reader.rest()].length, 1);
});

test('the table of a switch: addresses in the VLAN of all nodes', (t) => {
  t.deepEqual(
    parseLearned(
      'Hash: 0002 Addr: 52:54:00:01:00:01 VLAN 0007 to port: 001  age 1 secs\nHash: 0056 Addr: 52:54:00:01:00:02 VLAN 0000 to port: 002  age 1 secs\n',
    ),
    ['525400010002'],
  );
});

test('a file of pcap that grows is read record by record, and what is written can be read', async (t) => {
  const records = Array.from({ length: 50 }, (_, at) => ({
    time: 1_796_036_997_260_931 + at,
    bytes: frame(1, 2, `frame ${at}`),
    length: 60,
  }));
  const whole = Buffer.from(pcapOf(records));
  const path = join(await mkdtemp(join(tmpdir(), 'lab-pcap-')), 'x.pcap');
  await writeFile(path, '');
  const file = await CapturedFile.open(path);
  const found: PcapRecord[] = [];
  for (let at = 0; at < whole.length; at += 37) {
    await appendFile(path, whole.subarray(at, at + 37));
    found.push(...(await file.read()));
  }
  t.deepEqual(await file.read(), []);
  await file.close();
  t.deepEqual(
    found.map(({ time, bytes }) => ({ time, bytes: Buffer.from(bytes), length: 60 })),
    records,
  );
  t.deepEqual(readPcap(whole).records.length, 50);
});
