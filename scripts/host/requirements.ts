import { access } from 'node:fs/promises';
import { isRoot } from './user.ts';
import { which } from './which.ts';

/** A part of this computer that the kit works with. */
export interface Requirement {
  /** A program, or a file by its full path. */
  part: string;
  /** The Debian and Ubuntu package that has it. */
  package: string;
  what: string;
}

const always: Requirement[] = [
  { part: 'ssh', package: 'openssh-client', what: 'keys, lab ssh' },
  { part: 'flock', package: 'util-linux', what: 'locks' },
];

/** What the guest image is made with. */
const forImage: Requirement[] = [
  { part: 'mmdebstrap', package: 'mmdebstrap', what: 'makes the guest image' },
  { part: 'mkfs.erofs', package: 'erofs-utils', what: 'makes the guest image' },
  {
    part: '/usr/share/keyrings/debian-archive-keyring.gpg',
    package: 'debian-archive-keyring',
    what: "checks Debian's signatures",
  },
];

const forQemu: Requirement[] = [
  { part: 'qemu-system-x86_64', package: 'qemu-system-x86', what: 'runs the machines' },
  { part: 'vde_switch', package: 'vde2', what: 'lab networks' },
];

/** What a Vagrant box is made with, out of the guest image. Nothing of it needs root or a mount. */
const forBox: Requirement[] = [
  { part: 'sfdisk', package: 'fdisk', what: 'partitions the box' },
  { part: 'mkfs.fat', package: 'dosfstools', what: 'boot partition of the box' },
  { part: 'mcopy', package: 'mtools', what: 'boot partition of the box' },
  { part: 'syslinux', package: 'syslinux', what: 'boot loader of the box' },
  { part: '/usr/lib/syslinux/mbr/mbr.bin', package: 'syslinux-common', what: 'boot loader of the box' },
  { part: 'mkfs.ext4', package: 'e2fsprogs', what: 'writable partition of the box' },
  { part: 'qemu-img', package: 'qemu-utils', what: 'disk image of the box' },
];

/** Root makes the image as root; anybody else in a user namespace. */
const withoutRoot: Requirement[] = [
  { part: 'newuidmap', package: 'uidmap', what: 'makes the guest image without root' },
];

export interface Part extends Requirement {
  there: boolean;
}

/** What is to be done. Vagrant and its hypervisor are for a person to choose, and are not installed by the kit. */
export type Purpose = 'qemu' | 'vagrant' | 'box';

/** Looks for everything that a purpose needs. */
export function findParts(purpose: Purpose): Promise<Part[]> {
  const image = isRoot() ? forImage : [...forImage, ...withoutRoot];
  const wanted = {
    qemu: [...forQemu, ...always, ...image],
    vagrant: always,
    box: [...always, ...image, ...forBox],
  }[purpose];
  return Promise.all(wanted.map(async (one) => ({ ...one, there: await isThere(one.part) })));
}

async function isThere(part: string): Promise<boolean> {
  if (!part.startsWith('/')) return (await which(part)) !== undefined;
  return access(part).then(
    () => true,
    () => false,
  );
}

/** The command a person would type. */
export function installCommand(packages: readonly string[]): string {
  const sudo = isRoot() ? '' : 'sudo ';
  return `${sudo}apt-get update && ${sudo}apt-get install --no-install-recommends ${packages.join(' ')}`;
}
