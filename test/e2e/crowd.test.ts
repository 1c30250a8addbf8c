import { chown, cp, lchown, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../scripts/host/exec.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { cacheFolder, placeOf, projectRoot } from '../../scripts/host/paths.ts';
import { isRoot } from '../../scripts/host/user.ts';
import { imageOf } from '../../scripts/providers/image/image.ts';
import { testsOf } from '../listed.ts';
import { failedWords, LabCommand } from './lab.ts';

const test = testsOf('crowd');

interface Status {
  labs: { lab: string; folder: string; running: boolean; nodes: { sshPort?: number }[] }[];
}

for (const size of [2, 8]) {
  test(`${size} labs side by side, started at the same time: each verifies, and down of one leaves the others alone`, async (t) => {
    /** Labs of the same kind, each in a folder of its own. */
    const crowd = await Promise.all(Array.from({ length: size }, () => LabCommand.of(t)));
    const [first, ...others] = crowd;
    if (!first) throw new Error('no lab');
    const ups = await Promise.all(crowd.map((lab) => lab.run('up', 'dr')));
    t.deepEqual(
      ups.map(({ code }) => code),
      crowd.map(() => 0),
      ups.map(({ stderr }) => stderr).join('\n'),
    );
    t.is(new Set(crowd.map(({ folder }) => placeOf('dr', folder).runtime)).size, crowd.length);
    const { document } = await first.json<Status>('status');
    const folders = crowd.map(({ folder: one }) => one);
    const ours = document.labs.filter(({ folder }) => folders.some((one) => folder.startsWith(one)));
    const ports = ours.flatMap(({ nodes }) => nodes.map(({ sshPort }) => sshPort));
    t.is(ports.length, 4 * crowd.length);
    t.is(new Set(ports).size, ports.length, 'no two machines have one port');
    for (const lab of crowd) t.deepEqual(failedWords((await lab.json('verify', 'dr')).document), []);
    const before = await Promise.all(others.map((lab) => lab.processes('dr')));
    t.is((await first.run('down', 'dr')).code, 0);
    t.deepEqual(await first.processes('dr'), []);
    t.deepEqual(await Promise.all(others.map((lab) => lab.processes('dr'))), before);
    const [neighbour] = others;
    if (neighbour) t.deepEqual(failedWords((await neighbour.json('verify', 'dr')).document), []);
  });
}

// A second user is somebody else only where the first may become them.
(isRoot() ? test : test.skip)('two users: neither sees, ends or reaches what the other has', async (t) => {
  const user = 'games'; // one that every Debian has, and nobody else uses
  const ids = (await readFile('/etc/passwd', 'utf8')).split('\n').find((line) => line.startsWith(`${user}:`));
  const [, , uid = 0, gid = 0] = (ids ?? '').split(':').map(Number);
  if (!uid) throw new Error(`/etc/passwd has no ${user}`);
  const mineAlone = await readdir(join(cacheFolder(), 'registered')).catch(() => []);
  t.deepEqual(mineAlone, [], 'down --all would end these labs of yours, which Vagrant has');
  const home = await mkdtemp(join(tmpdir(), 'lab-user-'));
  // `down --all` is of one runtime folder: whoever runs these tests may have labs of their own.
  const [runtime, theirs] = [await mkdtemp('/tmp/lab-run-'), await mkdtemp('/tmp/lab-run-')];
  t.teardown(() => Promise.all([runtime, theirs].map(removeTree))); // last of all: what was registered last goes first
  // To make an image anew takes a minute and teaches nothing here.
  await mkdir(join(home, 'cache/lvs-lab'), { recursive: true });
  const { key, folder } = await imageOf({ release: 13, kernel: 'cloud' });
  await cp(folder, join(home, 'cache/lvs-lab/images', key), { recursive: true });
  // Whoever the project belongs to, others may not be able to read it.
  const project = join(home, 'project');
  for (const part of ['bin', 'dist', 'scripts', 'templates', 'labs', 'package.json']) {
    await cp(join(projectRoot, part), join(project, part), { recursive: true, verbatimSymlinks: true });
  }
  // A part that is looked for, and not needed where an image is there.
  await mkdir(join(home, 'bin'));
  await writeFile(join(home, 'bin/newuidmap'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  for (const path of ['', ...(await readdir(home, { recursive: true }))]) await lchown(join(home, path), uid, gid);
  await chown(theirs, uid, gid);
  const become = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  const other = await LabCommand.of(t, {
    folder: home,
    env: {
      HOME: home,
      XDG_CACHE_HOME: join(home, 'cache'),
      XDG_RUNTIME_DIR: theirs,
      PATH: `${process.env.PATH}:${home}/bin`,
    },
    through: become,
    project,
  });
  const mine = await LabCommand.of(t, { env: { XDG_RUNTIME_DIR: runtime } });
  t.is((await mine.run('up', 'dr')).code, 0);
  const [id = ''] = await readdir(join(runtime, 'lvs-lab'));
  const doors = [join(runtime, 'lvs-lab', id), join(mine.folder, '.lab/dr'), join(cacheFolder(), 'keys')];
  for (const door of doors) {
    t.true((await readdir(door)).length > 0);
    const [program = '', ...words] = [...become, 'ls', door];
    t.not((await run(program, words, { anyExitCode: true })).code, 0, `${door} is closed to others`);
  }
  const before = await mine.processes('dr');
  const { code, document, stderr } = await other.json('run', 'dr');
  t.is(code, 0, stderr);
  t.deepEqual(failedWords(document), []);
  t.is((await other.json<Status>('status')).document.labs.length, 1, 'the other user sees a lab of their own');
  t.is((await other.run('down', '--all')).code, 0);
  t.deepEqual(await mine.processes('dr'), before);
  t.deepEqual(failedWords((await mine.json('verify', 'dr')).document), []);
  t.is((await other.run('up', 'dr')).code, 0);
  t.is((await mine.run('down', '--all')).code, 0);
  t.deepEqual(await mine.processes('dr'), []);
  t.deepEqual(failedWords((await other.json('verify', 'dr')).document), [], 'down --all ends one user’s labs only');
});
