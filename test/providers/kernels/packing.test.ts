import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { run } from '../../../scripts/host/exec.ts';
import { versionIn } from '../../../scripts/providers/kernels/boot-image.ts';
import { cpioOf, fileIn, folderNamed } from '../../../scripts/providers/kernels/cpio.ts';
import { loadOrder, moduleName } from '../../../scripts/providers/kernels/drivers.ts';
import { packLayer } from '../../../scripts/providers/kernels/pack-layer.ts';
import { bootFailure, causeOnConsole } from '../../../scripts/providers/qemu/boot-failure.ts';

test('whatever is put into an archive comes out of it, also of two in a row', (t) => {
  const name = fc.stringMatching(/^[a-z]{1,9}(\/[a-z0-9_.-]{1,9})?$/);
  const file = fc.record({ name, mode: fc.constant(0o100644), bytes: fc.uint8Array({ maxLength: 50 }) });
  fc.assert(
    fc.property(fc.uniqueArray(file, { selector: (one) => one.name }), (files) => {
      const archive = cpioOf([folderNamed('bin'), ...files]);
      t.is(archive.length % 4, 0);
      for (const one of files) t.deepEqual(fileIn(archive, one.name), Buffer.from(one.bytes), one.name);
      t.is(fileIn(archive, 'nosuch-file'), undefined);
    }),
  );
});

test('a header of the format newc has thirteen numbers of eight hex digits', (t) => {
  const archive = cpioOf([{ name: 'init', mode: 0o100755, bytes: Buffer.from('#!/bin/sh\n') }]).toString('latin1');
  t.regex(archive, /^070701([0-9a-f]{8}){13}init\0/);
  t.is(archive.slice(14, 22), '000081ed');
  t.is(archive.slice(54, 62), '0000000a');
  t.true(archive.includes('TRAILER!!!'));
});

test('a kernel for x86 says its version; other files say none', (t) => {
  const image = Buffer.alloc(0x1000);
  image.write('HdrS', 0x202);
  image.writeUInt16LE(0x600, 0x20e);
  image.write('7.2.0-rc1+ (me@here) #1 SMP', 0x800);
  t.is(versionIn(image), '7.2.0-rc1+');
  t.is(versionIn(Buffer.from('\x7fELF')), undefined);
  t.is(versionIn(Buffer.alloc(0x1000)), undefined);
});

test('modules are loaded in modprobe’s order, each once, and none that is built in', (t) => {
  const shown = [
    'builtin virtio_pci\n',
    'insmod /l/kernel/net/core/failover.ko.xz \ninsmod /l/kernel/drivers/net/net_failover.ko.xz \ninsmod /l/virtio_net.ko.xz \n',
    'insmod /l/kernel/net/core/failover.ko.xz \ninsmod /l/fs/overlayfs/overlay.ko some=option\n',
  ];
  t.deepEqual(loadOrder(shown).map(moduleName), ['failover', 'net_failover', 'virtio_net', 'overlay']);
  t.is(moduleName('/l/crc32c-intel.ko.zst'), 'crc32c_intel');
});

test('the console says why a kernel did not come up', (t) => {
  t.is(
    causeOnConsole('[1.0] x\nlab: cannot mount /dev/vda as erofs; the kernel lacks the file system erofs\n'),
    'cannot mount /dev/vda as erofs; the kernel lacks the file system erofs',
  );
  t.regex(
    causeOnConsole('Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)') ?? '',
    /initrd/,
  );
  t.is(causeOnConsole('Kernel panic - not syncing: Attempted to kill init!'), 'kernel panic: Attempted to kill init!');
  t.is(causeOnConsole('all is well'), undefined);
  const { message, facts } = bootFailure('7.2.0', 'a\r\nb\r\n', { log: '/l' });
  t.is(message, 'kernel 7.2.0 did not come up');
  t.deepEqual([facts.tail, facts.log, facts.cause], ['a\nb', '/l', undefined]);
  t.is(bootFailure('7.2.0', '', {}).facts.cause, 'it wrote nothing on its console');
});

test('programs that are not root can enter /usr/lib, of which the layer of a kernel gives the mode', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'lab-layer-'));
  const [modules, draft] = [join(folder, 'modules'), join(folder, 'draft')];
  await mkdir(modules, { mode: 0o755 });
  await mkdir(draft);
  await packLayer('6.0.0', modules, draft);
  for (const path of ['/', '/usr', '/usr/lib', '/usr/lib/modules']) {
    const { stdout } = await run('dump.erofs', [`--path=${path}`, join(draft, 'modules.erofs')]);
    t.regex(stdout, /Access: 0755/, path);
  }
});
