import { chmod, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { UsageError } from '../../../scripts/errors.ts';
import { run } from '../../../scripts/host/exec.ts';
import { kernelIn, vermagicIn } from '../../../scripts/providers/kernels/module-file.ts';
import { moduleScript } from '../../../scripts/providers/kernels/own-module.ts';

const kernel = '6.12.117+deb13-cloud-amd64';
const vermagic = (name: string) => `${name} SMP preempt mod_unload modversions `;

/** What a kernel and this kit read of a module: the head of an ELF file, and fields that end with a zero. */
function moduleFor(name: string, content = ''): Buffer {
  return Buffer.from(`\x7fELF\x02\x01\0\0license=GPL\0vermagic=${vermagic(name)}\0name=ip_vs\0${content}`, 'latin1');
}

async function folderWith(files: Record<string, Buffer | string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-module-'));
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  return folder;
}

/** Runs the script on a folder of modules, with programs that only say that they were called. */
async function put(folder: string, own: string): Promise<{ code: number; stderr: string; called: string[] }> {
  const bin = await folderWith({
    modprobe: '#!/bin/sh\necho "modprobe $*" >> "$CALLS"\nexit "$REFUSES"\n',
    depmod: '#!/bin/sh\necho depmod >> "$CALLS"\n',
    dmesg: '#!/bin/sh\necho "ip_vs: disagrees about version of symbol module_layout"\n',
  });
  for (const name of await readdir(bin)) await chmod(join(bin, name), 0o755);
  const { text } = await moduleScript(join(folder, 'ip_vs.ko'), { node: 'director', kernel });
  const calls = join(bin, 'calls');
  const { code, stderr } = await run('sh', ['-s', '--', own], {
    input: text,
    env: { PATH: `${bin}:${process.env.PATH}`, CALLS: calls, REFUSES: own.includes('refusing') ? '1' : '0' },
    anyExitCode: true,
  });
  const called = await readFile(calls, 'utf8').catch(() => '');
  return { code, stderr, called: called.split('\n').filter(Boolean) };
}

const place = 'kernel/net/netfilter/ipvs';

test('a module tells its kernel', (t) => {
  t.is(vermagicIn(moduleFor(kernel)), vermagic(kernel).trim());
  t.is(kernelIn(vermagic(kernel)), kernel);
  t.is(vermagicIn(Buffer.from('#!/bin/sh\0vermagic=no')), undefined);
});

test('modules come in the place of the kernel’s own, those beside ip_vs too, and are loaded', async (t) => {
  const folder = await folderWith({
    'ip_vs.ko': moduleFor(kernel, 'mine'),
    'ip_vs_rr.ko': moduleFor(kernel, 'mine as well'),
    'nf_nat.ko': moduleFor('another'),
    'ip_vs_rr.c': 'source',
  });
  const own = await folderWith({
    'modules.dep': `${place}/ip_vs.ko: kernel/lib/libcrc32c.ko\n${place}/ip_vs_rr.ko: ${place}/ip_vs.ko\n`,
    [`${place}/ip_vs.ko`]: 'the kernel’s',
    [`${place}/ip_vs_rr.ko`]: 'the kernel’s',
  });
  t.deepEqual(await put(folder, own), { code: 0, stderr: '', called: ['modprobe ip_vs'] });
  t.deepEqual(await readFile(join(own, place, 'ip_vs.ko')), moduleFor(kernel, 'mine'));
  t.deepEqual(await readFile(join(own, place, 'ip_vs_rr.ko')), moduleFor(kernel, 'mine as well'));
});

test('a module that the kernel has compressed, or does not have, is put beside its own', async (t) => {
  const folder = await folderWith({ 'ip_vs.ko': moduleFor(kernel), 'ip_vs_new.ko': moduleFor(kernel, 'new') });
  const own = await folderWith({
    'modules.dep': `${place}/ip_vs.ko.xz:\n`,
    [`${place}/ip_vs.ko.xz`]: 'the kernel’s',
  });
  t.deepEqual(await put(folder, own), { code: 0, stderr: '', called: ['depmod', 'modprobe ip_vs'] });
  t.deepEqual(await readdir(join(own, place)), []);
  t.deepEqual((await readdir(join(own, 'updates'))).sort(), ['ip_vs.ko', 'ip_vs_new.ko']);
});

test('a kernel that refuses a module says why', async (t) => {
  const folder = await folderWith({ 'ip_vs.ko': moduleFor(kernel) });
  const parent = await folderWith({
    'refusing/modules.dep': `${place}/ip_vs.ko:\n`,
    [`refusing/${place}/ip_vs.ko`]: '',
  });
  const { code, stderr } = await put(folder, join(parent, 'refusing'));
  t.is(code, 1);
  t.regex(stderr, /disagrees about version of symbol/);
});

test('the script differs with the bytes of each module, so that another module makes another template', async (t) => {
  const textOf = async (content: string) => {
    const folder = await folderWith({ 'ip_vs.ko': moduleFor(kernel), 'ip_vs_rr.ko': moduleFor(kernel, content) });
    return (await moduleScript(join(folder, 'ip_vs.ko'), { node: 'director', kernel })).text;
  };
  t.is(await textOf('a'), await textOf('a'));
  t.not(await textOf('a'), await textOf('b'));
});

async function refused(t: ExecutionContext, file: string): Promise<string> {
  const error = await t.throwsAsync(moduleScript(file, { node: 'director', kernel }), { instanceOf: UsageError });
  return [error?.message, error?.facts.cause, error?.facts.tryThis].join('; ');
}

test('a module for another kernel names both versions', async (t) => {
  const other = '6.12.94+deb13-cloud-amd64';
  const folder = await folderWith({ 'ip_vs.ko': moduleFor(kernel), 'ip_vs_rr.ko': moduleFor(other) });
  const words = await refused(t, join(folder, 'ip_vs.ko'));
  t.true(words.startsWith(`ip_vs_rr.ko is for kernel ${other}, and director has ${kernel}`), words);
  t.true(words.includes(vermagic(other).trim()));
  t.true(words.endsWith(`lab build-module SOURCE --kernel ${kernel}, or --kernel director=${other}`), words);
});

test('what is no module is refused', async (t) => {
  const folder = await folderWith({ 'ip_vs.ko': 'text', 'ip_vs.c': '' });
  t.regex(await refused(t, join(folder, 'ip_vs.ko')), /is not a kernel module/);
  t.regex(await refused(t, join(folder, 'ip_vs.c')), /is not called ip_vs\.ko/);
  t.regex(await refused(t, join(folder, 'none', 'ip_vs.ko')), /there is no module .*lab build-module SOURCE/);
});
