import { realpath, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ProviderError } from '../../errors.ts';
import { lastLines, run } from '../../host/exec.ts';
import { exists, makePrivateFolder, removeTree, writeWhole } from '../../host/files.ts';
import { takeLock } from '../../host/lock.ts';
import { readState, writeState } from '../../host/state-file.ts';
import type { Release } from '../../model/words.ts';
import { type Emit, stage } from '../../report/events.ts';
import { ensureImage } from '../image/ensure-image.ts';
import type { Image } from '../image/image.ts';
import { imageOf } from '../image/image.ts';
import { parseLine } from './machine-readable.ts';

/** A Vagrant box for libvirt: the guest image on a bootable disk. */
interface Box {
  /** Its name in Vagrant: lvs-lab/debian13. */
  name: string;
  version: string;
  /** The .box file. */
  file: string;
  /** The file for `vagrant box add`, which names the .box file and its version. */
  catalogue: string;
}

/** Partitions of the disk, in MiB: boot loader and kernel, the read-only image, and a writable ext4. */
const bootStart = 1;
const bootSize = 64;
const imageStart = bootStart + bootSize;
const writableSize = 4096;

const bootConfig = `DEFAULT lab
LABEL lab
  LINUX vmlinuz
  INITRD initrd
  APPEND console=ttyS0 net.ifnames=0 panic=-1 quiet norandmaps lab.box lab.root=/dev/vda2 lab.disk=/dev/vda3
`;

/** Makes the box of a release from its guest image, unless it is made. Needs no root. */
export async function ensureBox(release: Release, emit: Emit): Promise<Box> {
  const image = await ensureImage(await imageOf({ release, kernel: 'cloud' }), emit);
  // Without symbolic links, since the catalogue names the file as long as the box is kept.
  const folder = join(await realpath(image.folder), 'box');
  // The lock of the image, so that no command removes the image meanwhile.
  const lock = await takeLock(`${image.folder}.lock`, {
    what: 'making the Vagrant box',
    onWait: (holder) => emit({ type: 'note', text: `waiting for the box: ${holder}` }),
  });
  try {
    const built = (await readState<{ built: string }>(join(image.folder, 'image.json')))?.built ?? '';
    // The time at which the image was built, so a later image is a later version.
    const version = `${release}.${built.replace(/\D/g, '').slice(0, 12)}`;
    const box: Box = {
      name: `lvs-lab/debian${release}`,
      version,
      file: join(folder, `lvs-lab-debian${release}.box`),
      catalogue: join(folder, 'catalogue.json'),
    };
    const made = (await readState<Catalogue>(box.catalogue))?.versions[0]?.version;
    if (made === version && (await exists(box.file))) {
      // The cache may have been moved since the box was made.
      await writeState(box.catalogue, catalogueOf(box));
    } else {
      await stage(emit, 'image', `making the Vagrant box ${box.name}`, () => make(box, image, folder));
    }
    return box;
  } finally {
    lock.release();
  }
}

/** Format of a box's metadata, https://developer.hashicorp.com/vagrant/docs/boxes/format */
interface Catalogue {
  name: string;
  versions: { version: string; providers: { name: string; url: string }[] }[];
}

function catalogueOf({ name, version, file }: Box): Catalogue {
  return { name, versions: [{ version, providers: [{ name: 'libvirt', url: pathToFileURL(file).href }] }] };
}

async function make(box: Box, image: Image, folder: string): Promise<void> {
  const draft = `${folder}.draft`;
  await removeTree(draft);
  await makePrivateFolder(draft);
  const at = (name: string) => join(draft, name);
  await makeDisk(image, at('disk'), at);
  const convert = ['convert', '-O', 'qcow2', '-c', '-o', 'compression_type=zstd', at('disk'), at('box.img')];
  await run('qemu-img', convert, { timeoutMs: 600_000 });
  const gib = Math.ceil((await stat(at('disk'))).size / 2 ** 30);
  await writeWhole(at('metadata.json'), JSON.stringify({ provider: 'libvirt', format: 'qcow2', virtual_size: gib }));
  await writeWhole(at('Vagrantfile'), 'Vagrant.configure("2") { |config| config.vm.guest = :debian }\n');
  const parts = ['metadata.json', 'Vagrantfile', 'box.img'];
  await run('tar', ['--create', '--file', at('box'), '--directory', draft, ...parts], { timeoutMs: 600_000 });
  for (const part of [...parts, 'disk', 'boot.cfg']) await removeTree(at(part));
  const name = box.file.slice(folder.length + 1);
  await rename(at('box'), at(name));
  await writeState(at('catalogue.json'), catalogueOf(box));
  await removeTree(folder);
  await rename(draft, folder);
}

async function makeDisk(image: Image, disk: string, at: (name: string) => string): Promise<void> {
  const imageSize = Math.ceil((await stat(image.root)).size / 2 ** 20);
  const writableStart = imageStart + imageSize;
  const program = (name: string, ...args: string[]) => run(name, args, { timeoutMs: 600_000 });
  const into = [`of=${disk}`, 'conv=notrunc,sparse', 'status=none'];
  await program('truncate', `--size=${writableStart + writableSize}M`, disk);
  const partitions = [
    'label: dos',
    `start=${bootStart}MiB, size=${bootSize}MiB, type=e, bootable`,
    `start=${imageStart}MiB, size=${imageSize}MiB, type=83`,
    `start=${writableStart}MiB, size=${writableSize}MiB, type=83`,
  ];
  await run('sfdisk', ['--quiet', disk], { input: `${partitions.join('\n')}\n`, timeoutMs: 120_000 });
  // The boot code is in front of the partition table.
  await program('dd', 'if=/usr/lib/syslinux/mbr/mbr.bin', ...into, 'bs=440', 'count=1');

  const offset = bootStart * 2 ** 20;
  const fat = ['-F', '16', '-n', 'BOOT', '--offset', String(offset / 512), disk, String(bootSize * 1024)];
  await program('mkfs.fat', ...fat);
  await writeWhole(at('boot.cfg'), bootConfig);
  await program('mcopy', '-i', `${disk}@@${offset}`, image.kernel, image.initrd, '::');
  await program('mcopy', '-i', `${disk}@@${offset}`, at('boot.cfg'), '::syslinux.cfg');
  await program('syslinux', '--install', '--offset', String(offset), disk);

  await program('dd', `if=${image.root}`, ...into, 'bs=1M', `seek=${imageStart}`);
  const where = `offset=${writableStart * 2 ** 20},lazy_itable_init=0`;
  await program('mkfs.ext4', '-q', '-F', '-m', '0', '-E', where, disk, `${writableSize * 1024}k`);
}

/**
 * Adds a box to the user's Vagrant, unless it has this version, and removes older versions.
 * @throws MissingPartError without vagrant
 */
export async function addBox({ name, version, catalogue }: Box): Promise<void> {
  // In a folder without a Vagrantfile, which Vagrant would read first.
  const cwd = dirname(catalogue);
  const options = { cwd, env: { VAGRANT_CWD: cwd }, timeoutMs: 600_000, anyExitCode: true };
  const vagrant = (...args: string[]) => run('vagrant', ['box', ...args], options);
  const { stdout } = await vagrant('list', '--machine-readable');
  const there = versionsOf(name, stdout);
  if (!there.includes(version)) {
    const { code, stderr } = await vagrant('add', '--provider', 'libvirt', catalogue);
    if (code !== 0) {
      throw new ProviderError(`vagrant box add: exit code ${code}`, { tail: lastLines(stderr), tryThis: 'lab doctor' });
    }
  }
  for (const old of there.filter((one) => one !== version)) {
    // Vagrant refuses to remove a box that a machine uses.
    await vagrant('remove', name, '--provider', 'libvirt', '--box-version', old);
  }
}

/** Versions of a box in the output of `vagrant box list --machine-readable`. */
function versionsOf(name: string, text: string): string[] {
  const versions: string[] = [];
  let current = '';
  for (const { type, data } of text.split('\n').flatMap((line) => parseLine(line) ?? [])) {
    if (type === 'box-name') current = data[0] ?? '';
    if (type === 'box-version' && current === name) versions.push(data[0] ?? '');
  }
  return versions;
}
