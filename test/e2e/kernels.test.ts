import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../scripts/host/exec.ts';
import { fetchDebianSource } from '../../scripts/modules/debian-source.ts';
import { downloadAlone } from '../../scripts/providers/kernels/apt-packages.ts';
import type { DebianKernel } from '../../scripts/providers/kernels/debian-kernel.ts';
import { findDebianKernel } from '../../scripts/providers/kernels/ensure-kernel.ts';
import { testsOf } from '../listed.ts';
import { failedWords, LabCommand, type RunDocument } from './lab.ts';
import { benchLab } from './meet-schedulers.ts';

const test = testsOf('kernels');

test('side by side: a director and a real server with an older kernel of Debian’s archive, and others with their own', async (t) => {
  const lab = await LabCommand.of(t, { lab: 'dr' });
  const { code, document, stderr } = await lab.json<RunDocument>(
    'run',
    'dr',
    '--kernel',
    'director=6.12.101,rs2=6.12.101',
  );
  t.deepEqual(
    document.checks?.filter(({ ok }) => !ok),
    [],
    stderr,
  );
  t.is(code, 0);
  for (const node of ['director', 'rs2']) t.regex(await lab.on('dr', node, 'uname -r'), /^6\.12\.101\+/);
  t.notRegex(await lab.on('dr', 'rs1', 'uname -r'), /^6\.12\.101\+/);
});

test('two directors with kernels of two series: the connections of one survive on the other', async (t) => {
  const lab = await LabCommand.of(t, { lab: 'ha' });
  const { code, document, stderr } = await lab.json<RunDocument>('run', 'ha', '--kernel', 'backup=6.1');
  t.deepEqual(failedWords(document), [], stderr);
  t.is(code, 0);
  t.true(document.checks.some(({ id }) => id === 'failover-dies'));
  t.regex(await lab.on('ha', 'backup', 'uname -r'), /^6\.1\./);
  t.notRegex(await lab.on('ha', 'director', 'uname -r'), /^6\.1\./);
});

test('a kernel of one’s own: image and modules as make leaves them', async (t) => {
  const lab = await LabCommand.of(t, { lab: 'own' });
  const kernel = await findDebianKernel('6.12.117', 13, () => {});
  await unpackKernel(kernel, join(lab.folder, 'linux'));
  const files = `image: linux/boot/vmlinuz-${kernel.name}, modules: linux/usr`;
  await writeFile(join(lab.folder, 'own.yaml'), `${benchLab}kernel: { ${files} }\n`);
  const { code, document, stderr } = await lab.json<RunDocument>('run', 'own.yaml');
  t.deepEqual(failedWords(document), [], stderr);
  t.is(code, 0);
  for (const node of ['director', 'rs1', 'client']) t.is((await lab.on('own', node, 'uname -r')).trim(), kernel.name);
});

/** Puts what the packages of a kernel hold into a folder, as if it had been built there. */
async function unpackKernel(kernel: DebianKernel, folder: string): Promise<void> {
  const work = `${folder}.work`;
  await downloadAlone({
    kernel,
    packages: kernel.packages.map(({ name }) => `${name}=${kernel.debian}`),
    folder: work,
  });
  await mkdir(folder, { recursive: true });
  for (const deb of (await readdir(join(work, 'debs'))).filter((name) => name.endsWith('.deb')))
    await run('dpkg-deb', ['--extract', join(work, 'debs', deb), folder], { timeoutMs: 300_000 });
}

interface BisectDocument {
  tried: { version: string; verdict: string }[];
  good: { version: string };
  bad: { version: string };
  skipped: unknown[];
  changes: unknown;
}

test('lab bisect finds the step between two packages at which a bug ends, and what changed in IPVS', async (t) => {
  const lab = await LabCommand.of(t, { lab: 'threshold-edited' });
  const { code, document, stderr } = await lab.json<BisectDocument>(
    ...['bisect', 'threshold-edited', '--good', '6.1.190', '--bad', '6.1.174'],
  );
  t.is(code, 0, stderr);
  t.like(document, { good: { version: '6.1.187' }, bad: { version: '6.1.180' }, skipped: [] });
  t.true(document.tried.length <= 4, JSON.stringify(document.tried));
  t.regex(JSON.stringify(document.changes), /ipvs/i);
});

/** A change that a running kernel shows: another version of the module. */
const versionOf = (text: string) => `--- a/net/netfilter/ipvs/ip_vs_rr.c
+++ b/net/netfilter/ipvs/ip_vs_rr.c
@@ -1,2 +1,4 @@
 // SPDX-License-Identifier: GPL-2.0-or-later
+#include <linux/module.h>
+MODULE_VERSION("${text}");
 /*
`;

test('a module of one’s own: a patch is built, the director loads it, and another one after an edit', async (t) => {
  const lab = await LabCommand.of(t, { lab: 'dr' });
  await lab.json('run', 'dr');
  const kernel = (await lab.on('dr', 'director', 'uname -r')).trim();
  for (const version of ['first', 'second']) {
    await writeFile(join(lab.folder, 'change.patch'), versionOf(version));
    const built = await lab.run('build-module', 'change.patch', '--kernel', kernel, '--to', 'mine');
    t.is(built.code, 0, built.stderr);
    const { code, document, stderr } = await lab.json<RunDocument>('run', 'dr', '--module', 'mine/ip_vs.ko');
    t.deepEqual(
      document.checks?.filter(({ ok }) => !ok),
      [],
      stderr,
    );
    t.is(code, 0);
    t.is((await lab.on('dr', 'director', 'cat /sys/module/ip_vs_rr/version')).trim(), version);
    // Another module of the same path leaves the other machines as they are.
    if (version === 'second') t.is(await lab.on('dr', 'rs1', 'cat /run/kept'), 'kept');
    else await lab.on('dr', 'rs1', 'printf kept > /run/kept');
  }
});

/** A bug that a commit brings: the scheduler rr always takes the first real server. */
const plantedBug = `id: planted
title: The scheduler rr does not take turns
symptom: One real server gets every request.
references: [https://example.org/]
where: { kernel: {} }
lab: dr
steps:
  - send: { count: 4 }
    wrong: [{ answers: { server: rs2 }, count: 4 }]
    right: [{ answers: { server: rs1 }, count: 2 }, { answers: { server: rs2 }, count: 2 }]
`;

test('lab bisect --git finds the commit that brought a bug, among others that did not and one that does not compile', async (t) => {
  const lab = await LabCommand.of(t, { lab: 'planted' });
  await writeFile(join(lab.folder, 'planted.yaml'), plantedBug);
  const kernel = await findDebianKernel('trixie', 13, () => {});
  const tree = join(lab.folder, 'linux');
  await fetchDebianSource(kernel, ['net/netfilter/ipvs', 'include/net/ip_vs.h'], tree, {});
  const git = async (...words: string[]) =>
    (await run('git', ['-C', tree, '-c', 'user.name=x', '-c', 'user.email=x@example.org', ...words])).stdout.trim();
  const commit = async (subject: string, edit: (text: string) => string) => {
    const file = join(tree, 'net/netfilter/ipvs/ip_vs_rr.c');
    const before = await readFile(file, 'utf8');
    t.not(edit(before), before, subject);
    await writeFile(file, edit(before));
    await git('commit', '--quiet', '--all', '--message', subject);
    return git('rev-parse', 'HEAD');
  };
  const add = (line: string) => (text: string) => `${text}\n${line}\n`;
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'as Debian has it');
  const good = await git('rev-parse', 'HEAD');
  await commit('a comment', add('/* one */'));
  await commit('does not compile', add('#error no'));
  await commit('compiles again', (text) => text.replace('#error no', '/* two */'));
  const planted = await commit('turns are not taken any more', (text) =>
    text.replace('svc->sched_data = &dest->n_list;', 'svc->sched_data = &svc->destinations;'),
  );
  await commit('another comment', add('/* three */'));
  const bad = await commit('and another', add('/* four */'));

  const { code, document, stderr } = await lab.json<{ bad: { id: string } }>(
    ...['bisect', 'planted.yaml', '--git', tree, '--good', good, '--bad', bad, '--kernel', kernel.version],
  );
  t.is(code, 0, stderr);
  t.is(document.bad.id, planted, JSON.stringify(document));
});
