import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { MissingPartError } from '../../scripts/errors.ts';
import { mapsNobody, mayBecomeNobody } from '../../scripts/host/user.ts';
import { bootsWithKvm } from '../../scripts/providers/qemu/accelerator.ts';
import { probeQemu } from '../../scripts/providers/qemu/probe.ts';
import { findQemu, qemuName, unprivileged } from '../../scripts/providers/qemu/qemu-program.ts';
import { standIn } from '../stand-in.ts';

/** What a QEMU of another computer says of itself; it notes how often it was asked. */
const saying = (version: string, help: string) => `
echo x >> "$(dirname "$0")/asked"
case "$*" in
  --version) echo 'QEMU emulator version ${version}' ;;
  -help) printf '%s\\n' '${help}' ;;
  *) printf 'Available netdev backend types:\\nuser\\nvde\\n' ;;
esac
`;

test.serial('a QEMU that is too old is refused with exit code 4, and doctor says the same', async (t) => {
  await standIn(qemuName, saying('4.2.1 (Debian 1:4.2-3ubuntu6)', '-runas user'));
  const error = await t.throwsAsync(findQemu(), { instanceOf: MissingPartError });
  t.is(error?.exitCode, 4);
  t.regex(error?.message ?? '', /4\.2\.1 .*too old: 5\.0 or later/);
  const [finding] = await probeQemu(false);
  t.false(finding?.ok);
  t.regex(finding?.found ?? '', /too old/);
});

test.serial('a missing QEMU is an error with exit code 4', async (t) => {
  const path = process.env.PATH;
  process.env.PATH = await mkdtemp(join(tmpdir(), 'lab-empty-'));
  const error = await t.throwsAsync(findQemu(), { instanceOf: MissingPartError });
  t.regex(error?.message ?? '', /not installed/);
  process.env.PATH = path;
});

test.serial('a QEMU is asked once, and how it becomes another user is found in its help', async (t) => {
  const folder = await standIn(
    qemuName,
    saying('10.0.8 (Debian)', '-run-with [async-teardown=on|off][,user=username]'),
  );
  const qemu = await findQemu();
  t.is(qemu.userOption, 'run-with');
  t.true(qemu.vde);
  const asked = await readFile(join(folder, 'asked'), 'utf8');
  t.deepEqual(await findQemu(), qemu);
  t.is(await readFile(join(folder, 'asked'), 'utf8'), asked);
  await standIn(qemuName, saying('7.2.22', '-runas user     change to user id user'));
  t.is((await findQemu()).userOption, 'runas');
  await standIn(qemuName, saying('8.2.2', '-run-with [async-teardown=on|off]\n-runas user     change to user id user'));
  t.is((await findQemu()).userOption, 'runas');
  await standIn(qemuName, saying('99.0', '-name string'));
  t.is((await findQemu()).userOption, null);
  t.deepEqual(unprivileged({ ...qemu, userOption: 'runas' }), mayBecomeNobody() ? ['-runas', '65534:65534'] : []);
  t.deepEqual(unprivileged(qemu), mayBecomeNobody() ? ['-run-with', 'user=65534:65534'] : []);
  t.deepEqual(unprivileged({ ...qemu, userOption: null }), []);
});

test('whether nobody is known to a user namespace', (t) => {
  t.true(mapsNobody('         0          0 4294967295\n'));
  t.true(mapsNobody('0 1000 1\n1 100000 65536\n'));
  t.false(mapsNobody('         0       1000          1\n'));
  t.false(mapsNobody('0 100000 65534\n'));
  t.false(mapsNobody(''));
});

test.serial(
  'KVM counts as usable only where a guest kernel says so: one that hangs or fails is given up',
  async (t) => {
    t.timeout(600_000);
    const files = { kernel: '/k', initrd: '/i' };
    // A process that hangs in /dev/kvm does not listen to SIGTERM.
    const hanging = await standIn(qemuName, `trap '' TERM\nwhile :; do sleep 0.2; done\n`);
    t.false(await bootsWithKvm(files, { path: join(hanging, qemuName) }));
    const failing = await standIn(qemuName, 'echo "Could not access KVM kernel module" >&2\nexit 1\n');
    t.false(await bootsWithKvm(files, { path: join(failing, qemuName) }));
    const working = await standIn(
      qemuName,
      'for word; do case $word in file:*) echo lab-probe-ok > "$(echo "$word" | cut -c6-)" ;; esac; done\n',
    );
    t.true(await bootsWithKvm(files, { path: join(working, qemuName) }));
  },
);
