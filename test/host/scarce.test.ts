import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { MissingPartError } from '../../scripts/errors.ts';
import { makePrivateFolder } from '../../scripts/host/files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { availableMemory, requireDisk, requireMemory } from '../../scripts/host/room.ts';
import { meaningOf } from '../../scripts/host/system-error.ts';
import { mayMount, unshareArguments } from '../namespaces.ts';

const inNamespaces = mayMount ? test : test.skip;
const rules = '-A -t 192.168.1.3:80 -s rr\n-a -t 192.168.1.3:80 -r 192.168.1.4:80 -g\n';

/** Runs a shell line with a `lab` in it, in a mount namespace where `mount` is allowed. */
function inNamespace(line: string): Promise<{ code: number; stderr: string }> {
  // Sockets of a lab lie in a folder that is gone with the namespace.
  const all = `mount -t tmpfs -o mode=700 run /media; export XDG_RUNTIME_DIR=/media; ${line}`;
  const lab = '"$0" "$1"';
  const args = [
    ...unshareArguments,
    'sh',
    '-euc',
    all.replaceAll('LAB', lab),
    process.execPath,
    join(projectRoot, 'bin/lab.js'),
  ];
  return new Promise((resolve) => {
    execFile('unshare', args, { timeout: 300_000 }, (error, _stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stderr }),
    );
  });
}

for (const [what, line, words] of [
  ['a full disk', 'mount -t tmpfs -o size=4k t /mnt; echo x > /mnt/x', /no room left/],
  ['a read-only folder', 'mount -t tmpfs -o ro t /mnt', /read-only/],
] as const) {
  inNamespaces(`${what} is said, with what to do, and exit code 4`, async (t) => {
    t.timeout(600_000);
    const file = join(await mkdtemp(join(tmpdir(), 'lab-scarce-')), 'rules');
    await writeFile(file, rules);
    const { code, stderr } = await inNamespace(`${line}; cd /mnt; LAB import '${file}' --output made.yaml`);
    t.is(code, 4, stderr);
    t.regex(stderr, words);
    t.regex(stderr, /try: /);
    t.notRegex(stderr, /\n {4}at /);
  });
}

inNamespaces('a cache folder that cannot be made is said, and exit code 4', async (t) => {
  t.timeout(600_000);
  for (const folder of ['/dev/null', '/proc']) {
    // The lock of a lab lies in it. `down` needs no QEMU.
    const { code, stderr } = await inNamespace(`cd /tmp; export XDG_CACHE_HOME=${folder}; LAB down dr`);
    t.is(code, 4, stderr);
    t.notRegex(stderr, /\n {4}at /);
  }
});

test('folders are made one in the other, and a file in the way is an error', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'lab-scarce-'));
  const deep = join(folder, "a b'c", 'é', 'd');
  t.is(await makePrivateFolder(deep), deep);
  await Promise.all(Array.from({ length: 8 }, () => makePrivateFolder(join(folder, 'x', 'y', 'z'))));
  await writeFile(join(folder, 'file'), '');
  t.true(meaningOf(await t.throwsAsync(makePrivateFolder(join(folder, 'file')))) instanceof MissingPartError);
  t.true(meaningOf(await t.throwsAsync(makePrivateFolder(join(folder, 'file', 'x')))) instanceof MissingPartError);
  t.is(meaningOf(new TypeError('a bug')), undefined);
  t.is(meaningOf(await t.throwsAsync(mkdir(join(folder, 'no', 'such')))) instanceof MissingPartError, true);
});

test('an error of the system says what to do: about its place where a variable names that, about its cause otherwise', (t) => {
  const before = process.env.XDG_CACHE_HOME;
  t.teardown(() => {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  });
  process.env.XDG_CACHE_HOME = '/cache/of me';
  const hint = (code: string, path: string, syscall = 'open') =>
    meaningOf(Object.assign(new Error(code), { code, path, syscall }))?.facts.tryThis ?? 'a bug';
  t.regex(hint('EACCES', '/cache/of me/lvs-lab'), /unset XDG_CACHE_HOME/);
  t.regex(hint('EACCES', '/cache/of me.too'), /in a folder of yours/);
  t.regex(hint('ENOSPC', '/cache/of me/lvs-lab'), /lab image prune/);
  t.regex(hint('EFBIG', '/home/x', 'write'), /in a folder of yours/);
  t.is(hint('ERR_FS_EISDIR', '/home/x'), 'a bug');
  t.is(hint('ENOENT', '/home/x'), 'a bug');
});

test('what does not fit is not begun', async (t) => {
  await t.notThrowsAsync(requireDisk({ [tmpdir()]: 0 }, 'nothing'));
  const folder = await mkdtemp(join(tmpdir(), 'lab-scarce-'));
  const { bavail, bsize } = await statfs(folder);
  const most = Math.floor((bavail * bsize * 0.7) / 2 ** 20);
  await t.notThrowsAsync(requireDisk({ [folder]: most }, 'most of it'));
  await t.throwsAsync(requireDisk({ [folder]: most, [tmpdir()]: most }, 'twice that'), {
    instanceOf: MissingPartError,
  });
  await t.notThrowsAsync(requireMemory(0, 'nothing'));
  const error = await t.throwsAsync(requireMemory(2 ** 40, 'lab dr'), { instanceOf: MissingPartError });
  t.regex(error?.message ?? '', /lab dr needs at least \d+ MiB of memory, and \d+ MiB are free/);
  t.is(availableMemory('MemTotal:  100 kB\nMemAvailable:   24663700 kB\n'), 24085);
  t.is(availableMemory('MemAvailable: 2048 kB\nSwapFree: 1024 kB\n'), 3);
  t.is(availableMemory(''), undefined);
});
