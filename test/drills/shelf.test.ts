import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { drills } from '../../scripts/drills/index.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { planOf } from '../render/golden.ts';
import { judged } from './judged.ts';
import { drillScripts } from './samples.ts';

const shelf = join(projectRoot, 'scripts/drills');

test('each folder of the shelf but "shared" is one drill, in the list by its name', async (t) => {
  const entries = await readdir(shelf, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  t.deepEqual([...drills.map(({ name }) => name), 'shared'].sort(), folders.sort());
  for (const { name } of drills) t.true((await readdir(join(shelf, name))).includes('drill.ts'), name);
});

test('a check is given by one drill only, and each drill says in a sentence what it does', (t) => {
  const ids = drills.flatMap(({ checks }) => checks);
  t.deepEqual(ids, [...new Set(ids)]);
  for (const { about } of drills) t.regex(about, /^[a-z].{20,}[^.]$/);
});

test('a drill runs beside one that comes before it', (t) => {
  for (const [at, { beside }] of drills.entries()) {
    if (beside) t.true(drills.slice(0, at).some(({ name }) => name === beside.drill));
  }
});

test('each script of the drills is tried with values like a lab’s', async (t) => {
  const files = (await readdir(shelf, { recursive: true })).filter((file) => file.endsWith('.hbs'));
  const partials = ['drills/shared/visit'];
  const tried = new Set([...drillScripts.map(({ template }) => template), ...partials]);
  t.deepEqual(files.map((file) => `drills/${file.slice(0, -'.hbs'.length)}`).sort(), [...tried].sort());
});

for (const { name, checks, judge } of drills) {
  test(`drill ${name} gives the checks that it lists, and they pass where all is well`, async (t) => {
    const found = await Promise.all((judged[name] ?? []).map(async ({ lab, seen }) => judge(await planOf(lab), seen)));
    t.deepEqual([...new Set(found.flat().map(({ id }) => id))].sort(), [...checks].sort());
    t.deepEqual(
      found.flat().filter(({ ok }) => !ok),
      [],
    );
  });
}
