import { mkdir, mkdtemp, open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { checkpointing } from '../../scripts/actions/checkpointing.ts';
import { ProviderError } from '../../scripts/errors.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { openFileOf } from '../../scripts/host/open-file.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { keepImages, roomForImages, savedFiles } from '../../scripts/providers/qemu/checkpoint-files.ts';
import { qemuCheckpoints } from '../../scripts/providers/qemu/checkpoints.ts';
import { hardwareKey } from '../../scripts/providers/qemu/machine-arguments.ts';
import { qemuName } from '../../scripts/providers/qemu/qemu-program.ts';
import { standIn } from '../stand-in.ts';

const folder = await mkdtemp(join(tmpdir(), 'lab-images-'));
test.after.always(() => removeTree(folder));

const plan = { memory: 512 } as Plan;
const hardware = hardwareKey({ accelerator: 'tcg', memory: 512 });
const saved = { version: '7.2.22', accelerator: 'tcg', cpu: '', hardware, machines: [] };

test.serial('a checkpoint of another QEMU, accelerator or CPU is refused with what differs', async (t) => {
  await standIn(qemuName, "case $1 in --version) echo 'QEMU emulator version 7.2.22' ;; esac");
  delete process.env.LAB_ACCEL;
  await t.notThrowsAsync(qemuCheckpoints.requireFit(saved, plan));
  await t.throwsAsync(qemuCheckpoints.requireFit({ ...saved, version: '10.0.8' }, plan), {
    instanceOf: ProviderError,
    message: 'the checkpoint is from QEMU 10.0.8, and this is QEMU 7.2.22',
  });
  process.env.LAB_ACCEL = 'kvm';
  await t.throwsAsync(qemuCheckpoints.requireFit(saved, plan), {
    message: 'the checkpoint is from machines on tcg, and LAB_ACCEL is kvm',
  });
  delete process.env.LAB_ACCEL;
  await t.throwsAsync(qemuCheckpoints.requireFit({ ...saved, hardware: '0123456789ab' }, plan), {
    message: 'the checkpoint is from machines of another version of lvs-lab',
  });
  const kvm = { accelerator: 'kvm' as const, hardware: hardwareKey({ accelerator: 'kvm', memory: 512 }) };
  const other = qemuCheckpoints.requireFit({ ...saved, ...kvm, cpu: 'model name: another' }, plan);
  await t.throwsAsync(other, { instanceOf: ProviderError, message: /another CPU|machines on kvm, and here: no / });
});

test('Vagrant’s labs cannot be saved: exit code 5, and what can', async (t) => {
  const error = await t.throwsAsync(checkpointing('vagrant'), { instanceOf: ProviderError });
  t.is(error?.message, 'with provider vagrant a lab cannot be saved');
  t.is(error?.exitCode, 5);
  t.regex(error?.facts.cause ?? '', /only provider qemu/);
});

test('images are kept as the machines have them open, also when they were built anew since', async (t) => {
  const image = join(folder, 'image');
  await mkdir(image);
  for (const name of ['vmlinuz', 'initrd', 'root.erofs']) await writeFile(join(image, name), `old ${name}`);
  const held = await open(join(image, 'root.erofs'));
  const file = (name: string) => join(image, name);
  const root = `if=none,id=root,format=raw,readonly=on,file=${file('root.erofs')}`;
  const running = {
    pid: process.pid,
    argv: ['qemu', '-kernel', file('vmlinuz'), '-initrd', file('initrd'), '-drive', root],
  };
  const linked = join(folder, 'linked');
  await mkdir(linked);
  t.deepEqual(await keepImages(new Map([['rs1', running]]), linked), [{ node: 'rs1', image: 'image' }]);
  t.is((await stat(join(linked, 'image/root.erofs'))).ino, (await stat(join(image, 'root.erofs'))).ino, 'a link');
  t.is(await roomForImages(new Map([['rs1', running]]), linked), 0);
  // It is built anew, and a second machine starts from the new one.
  await removeTree(join(image, 'root.erofs'));
  await writeFile(join(image, 'draft'), 'new root.erofs');
  await rename(join(image, 'draft'), join(image, 'root.erofs'));
  t.truthy(await openFileOf(process.pid, join(image, 'root.erofs')));
  const copied = join(folder, 'copied');
  await mkdir(copied);
  const two = new Map([
    ['rs1', running],
    ['rs2', { ...running, pid: 2 ** 22 + 1 }], // no such process: what the path leads to now
  ]);
  t.deepEqual(await keepImages(two, copied), [
    { node: 'rs1', image: 'image' },
    { node: 'rs2', image: 'image2' },
  ]);
  t.is(await roomForImages(two, copied), 1, 'a copy takes room, rounded up to a MiB');
  t.is(await readFile(join(copied, 'image/root.erofs'), 'utf8'), 'old root.erofs');
  t.is(await readFile(join(copied, 'image2/root.erofs'), 'utf8'), 'new root.erofs');
  // A third has the same root and another kernel.
  await writeFile(file('modules'), 'modules');
  const layered = running.argv.concat('-drive', `if=none,id=layer,format=raw,readonly=on,file=${file('modules')}`);
  const third = { pid: 2 ** 22 + 1, argv: layered.map((one) => (one === file('vmlinuz') ? file('modules') : one)) };
  const three = join(folder, 'three');
  await mkdir(three);
  t.deepEqual(await keepImages(new Map([...two, ['rs3', third]]), three), [
    { node: 'rs1', image: 'image' },
    { node: 'rs2', image: 'image2' },
    { node: 'rs3', image: 'image3', layer: true },
  ]);
  t.is(await readFile(join(three, 'image3/modules.erofs'), 'utf8'), 'modules');
  await held.close();
});

test('the files that are saved of a lab: memory and state of each machine, images, each disk once', (t) => {
  const plan = {
    memory: 512,
    nodes: [
      { name: 'a', disk: 'd' },
      { name: 'b', disk: 'd' },
    ],
  } as Plan;
  const machines = ['a', 'b'].map((node) => ({ node, image: 'image' }));
  t.deepEqual(
    savedFiles(plan, { ...saved, machines }).map(({ file, size }) => `${file} ${size ?? ''}`),
    [
      ...['a.memory 536870912', 'a.state ', 'b.memory 536870912', 'b.state '],
      ...['image/vmlinuz ', 'image/initrd ', 'image/root.erofs ', 'disk-d.raw 2147483648'],
    ],
  );
});
