import test from 'ava';
import fc from 'fast-check';
import { ProviderError } from '../../scripts/errors.ts';
import { splitStream } from '../../scripts/providers/qemu/saved-stream.ts';
import { blocks, counted, footer, head, pageSize, record, sizes, streamOf, tail } from './stream-of.ts';

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function split(bytes: Buffer, chunk = 1000): Promise<{ memory: Buffer; state: Buffer }> {
  const memory = Buffer.alloc(blocks.ram * pageSize);
  const state: Buffer[] = [];
  await splitStream(inChunks(bytes, chunk), 'ram', {
    memory: async (at, pages) => {
      Buffer.concat(pages).copy(memory, at);
    },
    state: (part) => state.push(Buffer.from(part)),
  });
  return { memory, state: Buffer.concat(state) };
}

const page = fc
  .constantFrom<keyof typeof blocks>('ram', 'pc.bios')
  .chain((block) => fc.record({ block: fc.constant(block), number: fc.nat(blocks[block] - 1), fill: fc.nat(255) }));

test('memory goes to its place, and the rest is a stream without it, whatever pieces it comes in', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(page, { maxLength: 40 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 9000 }),
      async (parts, chunk) => {
        const { memory, state } = await split(streamOf(parts), chunk);
        const wanted = Buffer.alloc(memory.length);
        for (const { block, number, fill } of parts.flat()) {
          if (block === 'ram' && fill !== 0) wanted.fill(fill, number * pageSize, (number + 1) * pageSize);
        }
        t.true(memory.equals(wanted));
        // What is left has pages of ROMs only: split again it stays as it is, and no page is of the memory.
        const again = await split(state, chunk);
        t.true(again.state.equals(state));
        t.true(again.memory.equals(Buffer.alloc(memory.length)));
        t.true(state.subarray(-tail.length).equals(tail));
        const roms = parts.flat().filter(({ block }) => block === 'pc.bios');
        const expected = streamOf(parts.map((pages) => pages.filter(({ block }) => block === 'pc.bios')));
        const repeated = counted('pc.bios').length * Math.max(0, roms.length - 1);
        t.is(state.length, expected.length + repeated);
      },
    ),
    { numRuns: 60 },
  );
});

test('the command that QEMU 10 sends before the last pages stays in the stream, and the pages go to the memory', async (t) => {
  const command = Buffer.from([8, 0, 11, 0, 2, 1, 2]);
  const pages = [1, 2].map((number) => [{ block: 'ram', number, fill: number }]);
  for (const chunk of [1, 7, 9000]) {
    const { memory, state } = await split(streamOf(pages, command), chunk);
    t.is(memory[2 * pageSize], 2);
    t.true(state.length < head.length + sizes.length + tail.length + 200);
    t.true(state.includes(command));
  }
});

test('a stream that breaks off, or is none, is an error and not half a machine', async (t) => {
  const whole = streamOf([[{ block: 'ram', number: 1, fill: 7 }]]);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length - tail.length }), async (length) => {
      await t.throwsAsync(split(whole.subarray(0, length)), { instanceOf: ProviderError });
    }),
    { examples: [[whole.length - tail.length]] }, // the memory is whole, and the devices are missing
  );
  await t.throwsAsync(split(Buffer.alloc(20_000, 65)), { message: /does not know: its first bytes/ });
  const withoutEnd = Buffer.concat([head, sizes, record(0, 0x10), footer, tail]);
  await t.throwsAsync(split(withoutEnd), { message: /does not know: a section of kind 4 before the memory’s end/ });
  const compressed = Buffer.concat([head, record(0, 0x100)]);
  await t.throwsAsync(split(compressed), { message: /does not know: a record of kind 256/ });
});
