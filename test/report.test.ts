import { mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { removeTree } from '../scripts/host/files.ts';
import { projectRoot } from '../scripts/host/paths.ts';
import { asTyped } from '../scripts/report/as-typed.ts';

test('commands in a text are as they can be typed: with npx, unless a shell finds this kit as lab', async (t) => {
  const text = 'try: lab up dr, or lab down --all; lab dr is up, npx lab run nat, ./lab up, slab run';
  const typed = 'try: npx lab up dr, or npx lab down --all; lab dr is up, npx lab run nat, ./lab up, slab run';
  const [ours, anothers] = [await mkdtemp('/tmp/lab-path-'), await mkdtemp('/tmp/lab-path-')];
  t.teardown(() => Promise.all([ours, anothers].map(removeTree)));
  await symlink(join(projectRoot, 'bin/lab.js'), join(ours, 'lab'));
  await writeFile(join(anothers, 'lab'), '');
  t.is(asTyped(text, ''), typed);
  t.is(asTyped(text, `/nowhere:${ours}`), text);
  t.is(asTyped(text, `${anothers}:${ours}`), typed);
});
