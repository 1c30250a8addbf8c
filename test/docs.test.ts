import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { parse } from 'yaml';
import { projectRoot } from '../scripts/host/paths.ts';
import { parseLab } from '../scripts/model/parse.ts';
import { schemaKeys } from './docs/lab-file.ts';
import { labFileKeys } from './docs/lab-file-keys.ts';
import { labOfExample, labWith } from './docs/lab-file-proof.ts';
import { pages } from './docs/pages.ts';

for (const { file, make } of pages) {
  test(`${file} is what the code makes of it; npm run docs writes it`, async (t) => {
    const present = await readFile(join(projectRoot, file), 'utf8');
    t.is(present, await make(present));
  });
}

test('every key of a lab file has an example, and no example is of a key that is not there', (t) => {
  const keys = schemaKeys().map(({ path }) => path);
  const sysctl = /^ipvs\.sysctls\./;
  t.deepEqual(Object.keys(labFileKeys).sort(), keys.filter((path) => !sysctl.test(path)).sort());
});

test('the example of a key has that key, and is part of a lab that is accepted', (t) => {
  for (const [path, row] of Object.entries(labFileKeys)) {
    t.true(row.example.includes(`${path.split('.').at(-1)}:`), path);
    t.notThrows(() => labOfExample(row), path);
  }
});

test('the default of a key makes the same lab as no key at all, and the value of its example another one', (t) => {
  for (const [path, row] of Object.entries(labFileKeys)) {
    if (row.default === undefined) continue;
    const without = labWith(path, row);
    t.deepEqual(labWith(path, row, parse(row.default)), without, path);
    if (path !== 'real_servers.gateway') t.notDeepEqual(labOfExample(row), without, path);
  }
});

test('each key of a lab file is required, or has a default, or it is told what the lab is without it', (t) => {
  for (const { path, required } of schemaKeys()) {
    const row = labFileKeys[path];
    if (!row) continue;
    const told = [required, row.default !== undefined, row.without !== undefined].filter(Boolean).length;
    t.is(told, 1, path);
  }
});

test('each lab in a document is accepted', async (t) => {
  const files = [
    'README.md',
    ...(await readdir(join(projectRoot, 'docs'))).filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`),
  ];
  for (const file of files) {
    const text = await readFile(join(projectRoot, file), 'utf8');
    for (const [, lab = ''] of text.matchAll(/^```yaml\n(.*?)^```/gms)) {
      t.notThrows(() => parseLab(lab, { name: 'example', file }), `${file}: ${lab}`);
    }
  }
});
