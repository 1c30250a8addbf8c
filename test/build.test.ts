import { cp, mkdtemp, readdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { run } from '../scripts/host/exec.ts';
import { removeTree } from '../scripts/host/files.ts';
import { projectRoot } from '../scripts/host/paths.ts';

test('two builds at a time leave one command, whole, and no draft', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'lab-build-'));
  t.teardown(() => removeTree(folder));
  const names = ['build.js', 'package.json', 'package-lock.json', 'LICENSE', 'scripts', 'templates', 'labs', 'bin'];
  for (const name of names) await cp(join(projectRoot, name), join(folder, name), { recursive: true });
  await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  await Promise.all([1, 2, 3].map(() => run(process.execPath, [join(folder, 'build.js')])));
  t.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith('dist')),
    ['dist'],
  );
  const { stdout } = await run(process.execPath, [join(folder, 'bin/lab.js'), '--version'], { cwd: folder });
  t.regex(stdout, /^\d+\.\d+\.\d+/);
});
