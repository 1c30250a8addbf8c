import { mkdir, mkdtemp, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { run } from '../../scripts/host/exec.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { readGivenFile, UnreadableError } from '../../scripts/host/given-file.ts';
import { readLabFile, shortPath } from '../../scripts/host/lab-files.ts';

const folder = await mkdtemp(join(tmpdir(), 'lab-given-'));
test.after.always(() => removeTree(folder));

test('whatever file the user names, it is read, or the error says why not', async (t) => {
  const at = (name: string) => join(folder, name);
  await writeFile(at('well'), 'text ä');
  await writeFile(at('large'), '');
  await truncate(at('large'), 2 ** 20 + 1);
  await mkdir(at('folder'));
  await symlink(at('loop'), at('loop'));
  await symlink(at('nowhere'), at('dangling'));
  await run('mkfifo', [at('pipe')]);
  t.is(await readGivenFile(at('well')), 'text ä');
  for (const [name, says] of [
    ['nothing', /no such file/],
    ['dangling', /no such file/],
    ['well/within', /file is where a folder/],
    ['folder', /a folder/],
    ['loop', /leads to itself/],
    ['large', /too large/],
    ['pipe', /not a file/],
    ['x'.repeat(300), /too long/],
  ] as const) {
    await t.throwsAsync(readGivenFile(at(name)), { instanceOf: UnreadableError, message: says }, name);
  }
  for (const device of ['/dev/zero', '/dev/urandom']) {
    await t.throwsAsync(readGivenFile(device, { pipe: true }), { message: /not a file/ }, device);
  }
});

test('a pipe is read where one may be, as long as it is not too long', async (t) => {
  const pipe = join(folder, 'fed');
  await run('mkfifo', [pipe]);
  const feed = (what: string) => run('sh', ['-c', `${what} > '${pipe}'`], { anyExitCode: true });
  const [text] = await Promise.all([readGivenFile(pipe, { pipe: true }), feed('echo fed')]);
  t.is(text, 'fed\n');
  const endless = feed('yes 2> /dev/null');
  await t.throwsAsync(readGivenFile(pipe, { pipe: true }), { message: /too large/ });
  await endless;
});

test('the error for a missing lab file suggests another one, and names no line', async (t) => {
  const messageOf = async (nameOrPath: string) => (await t.throwsAsync(readLabFile(nameOrPath)))?.message ?? '';
  await writeFile(join(folder, 'mine.yaml'), '');
  const at = (name: string) => shortPath(join(folder, name)); // relative, from a checkout that is near
  t.is(await messageOf(at('your.yaml')), `${at('your.yaml')}: there is no such file`);
  t.is(await messageOf(at('mine.yml')), `${at('mine.yml')}: there is no such file; did you mean ${at('mine.yaml')}?`);
  t.is(await messageOf(at('mnie.yaml')), `${at('mnie.yaml')}: there is no such file; did you mean ${at('mine.yaml')}?`);
  t.is(await messageOf(at('mine')), `${at('mine')}: there is no such file; did you mean ${at('mine.yaml')}?`);
  t.is(await messageOf(at('dr.yaml')), `${at('dr.yaml')}: there is no such file; did you mean dr?`);
  t.is(await messageOf(folder), `${shortPath(folder)}: it is a folder`);
  await symlink(at('nowhere'), at('led.yaml'));
  t.is(await messageOf(at('led.yaml')), `${at('led.yaml')}: there is no such file`, 'not itself');
});
