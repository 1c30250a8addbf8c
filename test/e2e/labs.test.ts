import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { listLabFiles } from '../../scripts/host/lab-files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import type { Scheduler } from '../../scripts/model/lab.ts';
import { failedChecks, LabCommand } from './lab.ts';

const lab = await LabCommand.inFreshFolder();
// dr, nat and tun are met in modes.test.ts, with their faults.
const names = [...(await listLabFiles()).keys()].filter((name) => !['dr', 'nat', 'tun'].includes(name));

test.after.always(async () => {
  for (const name of [...names, 'rehearsal', 'settings']) await lab.run('down', name);
});

for (const name of names) {
  test(`lab ${name} passes all its checks, and its answers are as predicted`, async (t) => {
    const { code, document, stderr } = await lab.json('run', name);
    t.deepEqual(failedChecks(document), [], stderr);
    t.is(code, 0);
    t.deepEqual(
      document.answers.map(({ server }) => server),
      document.answers.map(({ predicted }) => predicted),
    );
    if (name !== 'schedulers') t.is((await lab.run('down', name)).code, 0);
  });
}

test('mixed modes: a scheduler that has nothing for some methods is no fault of theirs', async (t) => {
  const { code, document, stderr } = await lab.json('run', 'mixed-modes', '--scheduler', 'fo');
  t.deepEqual(failedChecks(document), [], stderr);
  t.is(code, 0);
  await lab.on('mixed-modes', 'rs2', 'ip link set tunl0 down');
  t.is((await lab.run('up', 'mixed-modes')).code, 0);
  await lab.on('mixed-modes', 'rs2', 'ip link set tunl0 down');
  const broken = await lab.json('verify', 'mixed-modes');
  t.true(failedChecks(broken.document).includes('vip'));
  t.is((await lab.run('down', 'mixed-modes')).code, 0);
});

test('settings: what the lab file no longer asks for gets the kernel’s own value back', async (t) => {
  const file = join(lab.folder, 'settings.yaml');
  const text = (settings: string) =>
    `mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3 }\n${settings}`;
  const read = () =>
    lab.on('settings', 'director', 'cat /proc/sys/net/ipv4/vs/expire_nodest_conn; ipvsadm -l --timeout');
  await writeFile(
    file,
    text('ipvs: { timeouts: { tcp: 60, tcpfin: 30, udp: 20 }, sysctls: { expire_nodest_conn: 1 } }\n'),
  );
  const { document, stderr } = await lab.json('run', file);
  t.deepEqual(failedChecks(document), [], stderr);
  t.regex(await read(), /^1\n.* 60 30 20$/s);
  await writeFile(file, text(''));
  t.is((await lab.run('up', file)).code, 0);
  t.regex(await read(), /^0\n.* 900 120 300$/s);
  t.is((await lab.run('down', file)).code, 0);
});

test('lab import: a keepalived.conf is rehearsed, and its table is what keepalived would have made', async (t) => {
  const file = join(lab.folder, 'rehearsal.yaml');
  const from = join(projectRoot, 'test/recorded/keepalived.conf');
  t.is((await lab.run('import', from, '--output', file)).code, 0);
  t.is((await lab.run('import', from, '--output', file)).code, 2, 'a file that is there stays');
  const { code, document, stderr } = await lab.json('run', file);
  t.deepEqual(failedChecks(document), [], stderr);
  t.is(code, 0);
  t.is(
    (await lab.run('rules', 'save', 'rehearsal')).stdout,
    `-A -t 192.168.1.3:443 -s wrr -p 50 -M 255.255.255.0
-a -t 192.168.1.3:443 -r 192.168.1.4:443 -g -w 3 -x 100
-a -t 192.168.1.3:443 -r 192.168.1.5:443 -g -w 1`,
  );
  t.is((await lab.run('down', 'rehearsal')).code, 0);
});

test('another scheduler on the machines that run: predicted from what the kernel remembers of the last one', async (t) => {
  for (const scheduler of ['lc', 'wlc', 'sed', 'nq', 'mh'] satisfies Scheduler[]) {
    const { document, stderr } = await lab.json('run', 'schedulers', '--scheduler', scheduler);
    t.deepEqual(failedChecks(document), [], stderr);
    t.deepEqual(
      document.answers.map(({ server }) => server),
      document.answers.map(({ predicted }) => predicted),
      scheduler,
    );
  }
  const { document } = await lab.json('run', 'schedulers', '--scheduler', 'twos');
  t.true(document.ok);
  t.true(
    document.answers.every(({ predicted }) => predicted === null),
    'nobody can say what twos picks',
  );
});
