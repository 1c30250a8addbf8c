import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { checkKinds } from '../../scripts/checks/index.ts';
import { looks } from '../../scripts/checks/judge.ts';
import { drills } from '../../scripts/drills/index.ts';
import { faults } from '../../scripts/faults/index.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { allLabs, planOf } from '../render/golden.ts';

const plans = await Promise.all((await allLabs()).map(planOf));
const shelf = join(projectRoot, 'scripts/checks');
const files = (await readdir(shelf, { recursive: true })).map(String);

test('each check is in the list, and its file or folder has its id for a name', async (t) => {
  const found: string[] = [];
  for (const file of files.filter((one) => one.endsWith('.ts'))) {
    const [, id] = /: CheckKind = \{\n {2}id: '([\w-]+)'/.exec(await readFile(join(shelf, file), 'utf8')) ?? [];
    if (!id) continue;
    found.push(id);
    t.true(file === `${id}.ts` || file === `${id}/check.ts`, file);
  }
  t.deepEqual(found.sort(), checkKinds.map(({ id }) => id).sort());
});

test('no two checks, of the shelf or of a drill, have the same id', (t) => {
  const ids = [...checkKinds.map(({ id }) => id), ...drills.flatMap(({ checks }) => checks)];
  t.deepEqual(ids, [...new Set(ids)]);
});

test('what a drill needs is a check of the shelf', (t) => {
  const ids = checkKinds.map(({ id }) => id);
  for (const { name, needs } of drills) {
    if (needs !== 'every check')
      t.deepEqual(
        needs.filter((id) => !ids.includes(id)),
        [],
        name,
      );
  }
});

test('every look is made on some node of some lab, has a unique name, and its templates exist', (t) => {
  const names = looks.map(({ name }) => name);
  t.deepEqual(names, [...new Set(names)]);
  for (const { name, on, templates } of looks) {
    t.regex(name, /^[\w-]+$/);
    t.true(
      plans.some((plan) => plan.nodes.some((node) => on(plan, node))),
      name,
    );
    for (const template of Object.values(templates))
      t.true(files.includes(`${template.replace('checks/', '')}.hbs`), template);
  }
});

test('every template of the shelf belongs to a look', (t) => {
  const used = looks.flatMap(({ templates }) => Object.values(templates));
  const others = files.filter((file) => file.endsWith('.hbs')).map((file) => `checks/${file.slice(0, -'.hbs'.length)}`);
  t.deepEqual(
    others.filter((one) => !used.includes(one)),
    ['checks/looks/head'],
  );
});

for (const { id, faults: named } of checkKinds) {
  test(`${id} lists the faults that say it must name them`, (t) => {
    const expected = faults.filter((fault) =>
      plans.some((plan) => fault.places(plan).some(({ check }) => check?.id === id)),
    );
    t.deepEqual([...named].sort(), expected.map((fault) => fault.id).sort());
  });
}

test('each check that a fault counts on is one of the shelf or of a drill', (t) => {
  const ids = [...checkKinds.map(({ id }) => id), ...drills.flatMap(({ checks }) => checks)];
  for (const plan of plans) {
    for (const { id, places } of faults) {
      for (const { check, also = [], race = [] } of places(plan)) {
        const wanted = [...(check ? [check.id] : []), ...also, ...race];
        t.deepEqual(
          wanted.filter((one) => !ids.includes(one)),
          [],
          id,
        );
      }
    }
  }
});
