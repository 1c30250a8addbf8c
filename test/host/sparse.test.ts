import { mkdtemp, open, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { removeTree } from '../../scripts/host/files.ts';
import { sparseHashOf } from '../../scripts/host/sparse.ts';

const folder = await mkdtemp(join(tmpdir(), 'lab-sparse-'));
test.after.always(() => removeTree(folder));
let count = 0;

async function hashOf(bytes: Buffer): Promise<string> {
  const path = join(folder, String(count++));
  await writeFile(path, bytes);
  return sparseHashOf(path);
}

test('holes and zeros are the same, and everything else tells files apart: content, place and size', async (t) => {
  const piece = fc.record({ page: fc.nat(600), at: fc.nat(4095), value: fc.integer({ min: 1, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 8 }), fc.nat(3_000_000), async (pieces, more) => {
      const bytes = Buffer.alloc(601 * 4096 + more);
      for (const { page, at, value } of pieces) bytes[page * 4096 + at] = value;
      const hash = await hashOf(bytes);
      const sparse = join(folder, String(count++));
      const file = await open(sparse, 'w');
      for (const { page, at } of pieces) await file.write(bytes, page * 4096 + at, 1, page * 4096 + at);
      await file.truncate(bytes.length);
      await file.close();
      t.is(await sparseHashOf(sparse), hash);
      await truncate(sparse, bytes.length + 1);
      t.not(await sparseHashOf(sparse), hash);
      const [first] = pieces;
      const place = (first?.page ?? 0) * 4096 + (first?.at ?? 0);
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 1;
      t.not(await hashOf(changed), hash);
      const moved = Buffer.concat([Buffer.alloc(4096), bytes.subarray(0, -4096)]);
      if (!bytes.subarray(-4096).some(Boolean)) t.not(await hashOf(moved), hash);
    }),
    { numRuns: 30 },
  );
  t.is(await sparseHashOf(join(folder, 'nothing')), '');
});
