import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testsOf } from '../listed.ts';
import { LabCommand, type RunDocument } from './lab.ts';

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
