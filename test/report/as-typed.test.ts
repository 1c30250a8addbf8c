import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { run } from '../../scripts/host/exec.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { asTyped } from '../../scripts/report/as-typed.ts';

const kit = join(projectRoot, 'bin/lab.js');

test('in the kit’s folder commands have npx, unless a shell finds this kit as lab', async (t) => {
  const text = 'try: lab up dr, or lab down --all; lab dr is up, npx lab run nat, ./lab up, slab run';
  const typed = 'try: npx lab up dr, or npx lab down --all; lab dr is up, npx lab run nat, ./lab up, slab run';
  const root = await mkdtemp('/tmp/lab-path-');
  t.teardown(() => removeTree(root));
  const [linked, anothers, npx] = ['linked', 'anothers', 'npx/node_modules/.bin'].map((name) => join(root, name));
  for (const folder of [linked, anothers, npx]) await mkdir(folder ?? '', { recursive: true });
  for (const folder of [linked, npx]) await symlink(kit, join(folder ?? '', 'lab'));
  await writeFile(join(anothers ?? '', 'lab'), '');
  const here = (path: string, folder = projectRoot) => asTyped(text, { path, folder });
  t.is(here(''), typed);
  t.is(here('', join(projectRoot, 'labs')), typed);
  t.is(here(`/nowhere:${linked}`), text);
  t.is(here(`${anothers}:${linked}`), typed);
  t.is(here(`${npx}`), typed);
  t.is(here('', root), text, 'npx would not find the kit from there');
});

test('it knows each command of the kit', async (t) => {
  const { stdout } = await run(process.execPath, [kit, '--help'], { cwd: projectRoot });
  const listed = stdout.slice(stdout.indexOf('Commands:'), stdout.indexOf('Examples:'));
  const names = [...listed.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
  t.true(names.length > 10);
  for (const name of names.filter((one) => one !== 'help')) {
    t.is(asTyped(`lab ${name} dr`, { path: '', folder: projectRoot }), `npx lab ${name} dr`);
  }
});
