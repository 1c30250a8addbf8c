import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rename,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { run } from '../scripts/host/exec.ts';
import { removeTree } from '../scripts/host/files.ts';
import { projectRoot } from '../scripts/host/paths.ts';

/** A copy of the project whose packages are links to the real ones, and what `lab list` prints there. */
async function copy(t: ExecutionContext) {
  const project = await realpath(await mkdtemp(join(tmpdir(), 'lab-compiled-')));
  t.teardown(() => removeTree(project));
  for (const part of ['bin', 'scripts', 'labs', 'package.json', 'tsconfig.json']) {
    await cp(join(projectRoot, part), join(project, part), { recursive: true });
  }
  const packages = join(project, 'node_modules');
  await mkdir(packages);
  for (const name of await readdir(join(projectRoot, 'node_modules'))) {
    if (!name.startsWith('.')) await symlink(join(projectRoot, 'node_modules', name), join(packages, name));
  }
  const list = async () => {
    const { stdout } = await run(process.execPath, [join(project, 'bin/lab.js'), 'list'], { cwd: project });
    return stdout;
  };
  const kept = async () => (await readdir(packages)).filter((name) => name.startsWith('.lvs-lab-'));
  return { project, packages, list, kept };
}

test('the program is compiled once, also by two commands at the same time, and again when a source has changed', async (t) => {
  const { project, packages, list, kept } = await copy(t);
  const [first, second] = await Promise.all([list(), list()]);
  t.regex(first, /^dr +dr +Direct routing/m);
  t.is(second, first);
  const [folder = '', ...others] = await kept();
  t.deepEqual(others, [], 'no draft is left');
  t.is((await stat(join(packages, folder))).mode & 0o077, 0);
  const program = join(packages, folder, 'main.mjs');
  await appendFile(program, "process.stdout.write('the kept one\\n');\n");
  t.is(await list(), `the kept one\n${first}`);
  await appendFile(join(project, 'scripts/cli/main.ts'), "process.stdout.write('another program\\n');\n");
  t.is(await list(), `another program\n${first}`);
  t.is((await kept()).length, 2, 'a command that is on its way may need the one from before');
  await utimes(join(packages, folder), 0, 0);
  await appendFile(join(project, 'scripts/cli/main.ts'), '\n');
  t.is(await list(), `another program\n${first}`);
  t.is((await kept()).length, 2, 'but not for ever');
  t.false((await kept()).includes(folder));
});

test('one that was spoiled is made anew', async (t) => {
  const { packages, list, kept } = await copy(t);
  const first = await list();
  const [folder = ''] = await kept();
  for (const name of await readdir(join(packages, folder))) await writeFile(join(packages, folder, name), '');
  t.is(await list(), first, 'by tsx');
  t.deepEqual(await kept(), []);
  t.is(await list(), first);
  t.deepEqual(await kept(), [folder]);
});

test('where it cannot be kept the program runs all the same, and leaves nothing', async (t) => {
  const { project, packages, list, kept } = await copy(t);
  const first = await list();
  const [folder = ''] = await kept();
  await removeTree(join(packages, folder));
  await writeFile(join(packages, folder), 'a file, where a folder ought to be');
  t.is(await list(), first);
  t.deepEqual(await kept(), [folder]);
  await removeTree(join(packages, folder));
  await rename(packages, join(project, 'elsewhere'));
  await symlink(join(project, 'elsewhere'), packages);
  t.is(await list(), first);
  t.deepEqual(await kept(), []);
});
