import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { type Broken, readBroken, removeBroken, writeBroken } from '../../scripts/host/broken.ts';

test('what is broken is kept until it is removed, and a file that somebody has changed counts as missing', async (t) => {
  const place = { folder: await mkdtemp(join(tmpdir(), 'lab-broken-')) };
  const broken: Broken = { seed: 7, faults: [{ fault: 'vip-missing', place: 'rs1' }] };
  t.is(await readBroken(place), undefined);
  await writeBroken(place, broken);
  t.deepEqual(await readBroken(place), broken);
  const file = join(place.folder, 'broken.json');
  await writeFile(file, (await readFile(file, 'utf8')).replace('rs1', 'rs2'));
  t.is(await readBroken(place), undefined);
  await removeBroken(place);
  await removeBroken(place);
  t.is(await readBroken(place), undefined);
});
