import type { Part } from '../provider-info.ts';

export const archiveKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** What Debian's archive is read with. */
export const catalogParts: readonly Part[] = [
  { part: 'apt-get', package: 'apt', what: 'downloads kernels of Debian' },
  { part: 'mmdebstrap', package: 'mmdebstrap', what: "knows where Debian's packages are" },
  { part: archiveKeyring, package: 'debian-archive-keyring', what: "checks Debian's signatures" },
];

/** What a kernel is fetched and packed with. */
export const kernelParts: readonly Part[] = [
  ...catalogParts,
  { part: 'dpkg-deb', package: 'dpkg', what: 'unpacks them' },
  { part: 'depmod', package: 'kmod', what: 'lists the modules of a kernel' },
  { part: 'xz', package: 'xz-utils', what: 'unpacks modules' },
  { part: 'mkfs.erofs', package: 'erofs-utils', what: 'packs them for the machines' },
];
