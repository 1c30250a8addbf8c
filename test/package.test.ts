import { access, chmod, lstat, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { run } from '../scripts/host/exec.ts';
import { removeTree } from '../scripts/host/files.ts';
import { projectRoot } from '../scripts/host/paths.ts';
import { isRoot, nobody } from '../scripts/host/user.ts';
import { defaultProvider } from '../scripts/providers/index.ts';
import { links } from './docs/markdown.ts';
import { installPackage } from './installed.ts';

// Which provider is chosen depends on what is installed, and on who asks: root needs no user namespaces.
process.env.LAB_PROVIDER = defaultProvider;

const { folder, kit, files } = await installPackage();
test.after.always(() => removeTree(folder));

/** `npx lab …` as it is typed where the package was installed. */
async function npxLab(...args: string[]): Promise<string> {
  return (await run('npx', ['lab', ...args], { cwd: folder, env: { npm_config_offline: 'true' } })).stdout;
}

/** The same from the checkout. */
async function ours(...args: string[]): Promise<string> {
  return (await run(process.execPath, [join(projectRoot, 'bin/lab.js'), ...args], { cwd: folder })).stdout;
}

/** Words, whatever the lines: a command may be told as `lab` or as `npx lab`. */
function words(text: string): string {
  return text.replaceAll('npx lab', 'lab').replace(/\s+/g, ' ');
}

test('the tarball holds what a copy needs to run, and no sources, no tests', async (t) => {
  const tops = new Set(files.map((file) => file.split('/')[0]));
  const texts = ['CHANGELOG.md', 'LICENSE', 'LICENSE.GPL-3', 'README.md', 'Vagrantfile', 'package.json'];
  t.deepEqual([...tops].sort(), [...texts, 'bin', 'dist', 'docs', 'labs', 'page', 'scripts', 'templates'].sort());
  t.deepEqual(
    files.filter((file) => /\.ts$|\.test\.|node_modules/.test(file)),
    [],
  );
  const templates = (await readdir(join(projectRoot, 'scripts'), { recursive: true })).filter((file) =>
    file.endsWith('.hbs'),
  );
  t.deepEqual(
    files.filter((file) => file.startsWith('scripts/')),
    templates.map((file) => `scripts/${file}`).sort(),
  );
});

test('the compiled command comes with the licences of its libraries, and names those that make the whole GPL-3.0-or-later', async (t) => {
  const [head = '', ...parts] = (await readFile(join(kit, 'dist/LICENSES.txt'), 'utf8')).split(/\n-{80}\n/);
  const libraries = parts.map((text) => /^\s*(\S+) [\d.]+ \((.+)\)\n/.exec(text)?.slice(1) ?? ['', text]);
  const apache = libraries.filter(([, licence]) => licence === 'Apache-2.0').map(([name]) => name);
  t.true(apache.length > 0);
  t.regex(
    words(head),
    new RegExp(`The code of ${apache.join(' and ')} is under Apache-2.0, so the whole .* GPL-3.0-or-later`),
  );
  // What the GPL, version 3, can be combined with.
  t.deepEqual(
    libraries.filter(
      ([, licence = '']) => !['Apache-2.0', 'MIT', 'ISC', 'BSD-3-Clause', 'Unlicense'].includes(licence),
    ),
    [],
  );
  t.regex(await readFile(join(kit, 'LICENSE.GPL-3'), 'utf8'), /GNU GENERAL PUBLIC LICENSE\s+Version 3/);
});

test('package.json names no address of the project, since no public one is known', async (t) => {
  const names = Object.keys(JSON.parse(await readFile(join(kit, 'package.json'), 'utf8')));
  t.deepEqual(
    names.filter((name) => ['repository', 'homepage', 'bugs'].includes(name)),
    [],
  );
});

test('each link of a document in the package leads to a file of the package', async (t) => {
  for (const file of files.filter((one) => one.endsWith('.md'))) {
    for (const link of links(await readFile(join(kit, file), 'utf8'))) {
      const [path = ''] = link.split('#');
      await t.notThrowsAsync(access(join(kit, path === '' ? file : join(dirname(file), path))), `${file}: ${link}`);
    }
  }
});

test('an installed copy lists, plans and renders as the checkout does', async (t) => {
  t.regex(await npxLab('list'), /^ *dr +dr +Direct routing/m);
  const plan = await npxLab('up', 'dr', '--dry-run');
  t.regex(plan, /npx lab render dr prints the scripts/);
  t.is(words(plan), words(await ours('up', 'dr', '--dry-run')));
  for (const lab of ['web', 'services', 'sctp', 'ha', 'tun-gue']) {
    t.is(await npxLab('render', lab), await ours('render', lab), lab);
  }
  t.regex(await npxLab('--version'), /^\d+\.\d+\.\d+$/);
});

test('an installed copy runs by a link, from a read-only folder, as another user', async (t) => {
  const link = join(folder, 'linked');
  await symlink(join(kit, 'bin/lab.js'), link);
  await chmod(folder, 0o755);
  await writable(kit, false);
  t.teardown(() => writable(kit, true));
  const runtime = join(folder, 'run');
  await mkdir(runtime, { mode: 0o777 });
  await chmod(runtime, 0o777);
  const become = isRoot() ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'] : ['env'];
  const [program = '', ...start] = [...become, process.execPath, link];
  const env = { XDG_RUNTIME_DIR: runtime, HOME: runtime };
  for (const args of [['--help'], ['up', 'dr', '--dry-run'], ['simulate', 'wrr']]) {
    const { stdout } = await run(program, [...start, ...args], { cwd: runtime, env });
    t.is(words(stdout), words(await ours(...args)), args.join(' '));
  }
});

async function writable(path: string, may: boolean): Promise<void> {
  for (const one of ['', ...(await readdir(path, { recursive: true }))]) {
    const { mode } = await lstat(join(path, one));
    await chmod(join(path, one), may ? mode | 0o200 : mode & 0o555);
  }
}
