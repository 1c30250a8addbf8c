import type { Part } from '../provider-info.ts';

/** What the guest image is made with. Root makes it as root, other users make it in a user namespace. */
export const imageParts: readonly Part[] = [
  { part: 'mmdebstrap', package: 'mmdebstrap', what: 'makes the guest image' },
  { part: 'mkfs.erofs', package: 'erofs-utils', what: 'makes the guest image' },
  {
    part: '/usr/share/keyrings/debian-archive-keyring.gpg',
    package: 'debian-archive-keyring',
    what: "checks Debian's signatures",
  },
  { part: 'newuidmap', package: 'uidmap', what: 'makes the guest image without root', withoutRootOnly: true },
];
