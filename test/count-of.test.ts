import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { countOf } from '../scripts/count-of.ts';
import { projectRoot } from '../scripts/host/paths.ts';

test('a number and its noun agree', (t) => {
  t.deepEqual(
    [0, 1, 2].map((count) => countOf(count, 'real server')),
    ['0 real servers', '1 real server', '2 real servers'],
  );
});

test('no text puts a number that may be 1 before a noun of several', async (t) => {
  // Behind "of" it is the whole that is counted; what follows "most" has bounds above 1.
  const noun = 'answers|requests|real servers|machines|scripts|connections|problems|items|characters';
  const fixed = new RegExp(
    `(?<!of )\\$\\{[^{}]*(length|size|requests|answered|count|sent)\\} (${noun})\\b(?! at)`,
    'g',
  );
  const exceptions = [
    'report/verdict.ts', // of more than three real servers
    'cli/values.ts',
    'model/lint/site.ts', // more than thirty
  ];
  const root = join(projectRoot, 'scripts');
  const files = (await readdir(root, { recursive: true })).filter((one) => one.endsWith('.ts'));
  for (const file of files.filter((one) => !exceptions.includes(one))) {
    t.deepEqual((await readFile(join(root, file), 'utf8')).match(fixed), null, file);
  }
});
