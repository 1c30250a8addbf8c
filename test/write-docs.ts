import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../scripts/host/paths.ts';
import { pages } from './docs/pages.ts';

// npm run docs: writes the pages that are made of the code. Look at the difference before you commit it.
for (const { file, make } of pages) {
  const path = join(projectRoot, file);
  await writeFile(path, await make(await readFile(path, 'utf8').catch(() => '')));
}
