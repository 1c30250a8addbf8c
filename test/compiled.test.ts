import { appendFile, cp, mkdir, mkdtemp, readdir, realpath, rename, symlink, writeFile } from 'node:fs/promises';
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
  const { project, list, kept } = await copy(t);
  const [first, second] = await Promise.all([list(), list()]);
  t.regex(first, /^dr +dr +Direct routing/m);
  t.is(second, first);
  const before = await kept();
  t.is(before.length, 1);
  t.is(await list(), first);
  t.deepEqual(await kept(), before);
  await appendFile(join(project, 'scripts/lab.ts'), "process.stdout.write('another program\\n');\n");
  t.is(await list(), `another program\n${first}`);
  t.is((await kept()).length, 2, 'a command that is on its way may need the one from before');
});

test('where it cannot be kept, or was spoiled, the program runs all the same', async (t) => {
  const { project, packages, list, kept } = await copy(t);
  const first = await list();
  const [folder = ''] = await kept();
  await removeTree(join(packages, folder));
  await writeFile(join(packages, folder), 'a file, so that no folder can be there');
  t.is(await list(), first);
  await rename(packages, join(project, 'elsewhere'));
  await symlink(join(project, 'elsewhere'), packages);
  t.is(await list(), first);
});
