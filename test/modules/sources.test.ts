import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { UsageError } from '../../scripts/errors.ts';
import { ipvsFolder, kindOf, patchedFiles, sourcesIn } from '../../scripts/modules/sources.ts';

async function withFiles(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-sources-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const tree = {
  [`${ipvsFolder}/Makefile`]: 'obj-m += ip_vs.o\n',
  [`${ipvsFolder}/ip_vs_core.c`]: 'core',
  [`${ipvsFolder}/ip_vs_core.o`]: 'compiled',
  'include/net/ip_vs.h': 'header',
  'include/net/tcp.h': 'another header',
};

const change = (file: string) => `diff --git a/${file} b/${file}\n--- a/${file}\n+++ b/${file}\n@@ -1 +1 @@\n-a\n+b\n`;

async function refused(t: ExecutionContext, source: string): Promise<string> {
  const error = await t.throwsAsync(kindOf(source), { instanceOf: UsageError });
  return [error?.message, error?.facts.cause].join('; ');
}

test('of a kernel’s tree the sources of IPVS are built, with their own headers', async (t) => {
  const folder = await withFiles(tree);
  t.deepEqual(await kindOf(folder), { kind: 'tree' });
  t.deepEqual([...(await sourcesIn(folder, 'tree')).keys()], ['Makefile', 'ip_vs_core.c', 'include/net/ip_vs.h']);
});

test('a folder with nothing but the sources of IPVS is built with the headers of the kernel', async (t) => {
  const folder = await withFiles({ Makefile: '', 'ip_vs_core.c': '', 'ip_vs_rr.c': '', notes: '' });
  t.deepEqual(await kindOf(folder), { kind: 'folder' });
  t.deepEqual([...(await sourcesIn(folder, 'folder')).keys()], ['Makefile', 'ip_vs_core.c', 'ip_vs_rr.c']);
});

test('a patch is known by the files that it changes', async (t) => {
  const core = `${ipvsFolder}/ip_vs_core.c`;
  const text = `From: somebody\nSubject: ipvs: a fix\n\n${change(core)}${change('include/net/ip_vs.h')}-- \n2.47\n`;
  t.deepEqual(patchedFiles(text), [core, 'include/net/ip_vs.h']);
  const folder = await withFiles({ 'fix.patch': text });
  t.deepEqual(await kindOf(join(folder, 'fix.patch')), { kind: 'patch', text });
});

test('a patch may make files and remove them', (t) => {
  const made = `--- /dev/null\n+++ b/${ipvsFolder}/ip_vs_new.c\n@@ -0,0 +1 @@\n+a\n`;
  const removed = `--- a/${ipvsFolder}/ip_vs_old.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n`;
  t.deepEqual(patchedFiles(made + removed), [`${ipvsFolder}/ip_vs_new.c`, `${ipvsFolder}/ip_vs_old.c`]);
});

test('what cannot be built is refused with the reason', async (t) => {
  const folder = await withFiles({ 'a/readme': '', 'other.patch': change('net/core/dev.c'), 'text.patch': 'hello\n' });
  t.regex(await refused(t, join(folder, 'missing')), /there is no .*missing/);
  t.regex(await refused(t, join(folder, 'a')), /has no sources of IPVS; .*neither net\/netfilter\/ipvs\/Makefile/);
  t.regex(await refused(t, join(folder, 'other.patch')), /changes net\/core\/dev\.c; only net\/netfilter\/ipvs/);
  t.regex(await refused(t, join(folder, 'text.patch')), /is no patch/);
});
