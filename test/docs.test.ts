import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { projectRoot } from '../scripts/host/paths.ts';
import { pages } from './docs/pages.ts';

for (const { file, make } of pages) {
  test(`${file} is what the code makes of it; npm run docs writes it`, async (t) => {
    t.is(await readFile(join(projectRoot, file), 'utf8'), await make());
  });
}
