import { access } from 'node:fs/promises';
import { userInfo } from 'node:os';
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
  { part: 'qemu-system-x86_64', package: 'qemu-system-x86', what: 'runs the machines' },
  { part: 'vde_switch', package: 'vde2', what: 'lab networks' },
  { part: 'ssh', package: 'openssh-client', what: 'keys, lab ssh' },
  { part: 'flock', package: 'util-linux', what: 'locks' },
  { part: 'mmdebstrap', package: 'mmdebstrap', what: 'makes the guest image' },
  { part: 'mkfs.erofs', package: 'erofs-utils', what: 'makes the guest image' },
  {
    part: '/usr/share/keyrings/debian-archive-keyring.gpg',
    package: 'debian-archive-keyring',
    what: "checks Debian's signatures",
  },
];

/** Root makes the image as root; anybody else in a user namespace. */
const withoutRoot: Requirement[] = [
  { part: 'newuidmap', package: 'uidmap', what: 'makes the guest image without root' },
];

export interface Part extends Requirement {
  there: boolean;
}

/** Looks for everything the QEMU provider needs. */
export function findParts(): Promise<Part[]> {
  const wanted = userInfo().uid === 0 ? always : [...always, ...withoutRoot];
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
  const sudo = userInfo().uid === 0 ? '' : 'sudo ';
  return `${sudo}apt-get update && ${sudo}apt-get install --no-install-recommends ${packages.join(' ')}`;
}
