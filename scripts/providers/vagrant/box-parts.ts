import { imageParts } from '../image/parts.ts';
import type { Part } from '../provider-info.ts';

/** The programs that make a Vagrant box from the guest image. None of them needs root or a mount. */
export const boxParts: readonly Part[] = [
  ...imageParts,
  { part: 'sfdisk', package: 'fdisk', what: 'partitions the box' },
  { part: 'mkfs.fat', package: 'dosfstools', what: 'boot partition of the box' },
  { part: 'mcopy', package: 'mtools', what: 'boot partition of the box' },
  { part: 'syslinux', package: 'syslinux', what: 'boot loader of the box' },
  { part: '/usr/lib/syslinux/mbr/mbr.bin', package: 'syslinux-common', what: 'boot loader of the box' },
  { part: 'mkfs.ext4', package: 'e2fsprogs', what: 'writable partition of the box' },
  { part: 'qemu-img', package: 'qemu-utils', what: 'disk image of the box' },
];
