import { createHash } from 'node:crypto';
import type { GuestSystem } from '../../model/lab.ts';
import type { Kernel, Release } from '../../model/words.ts';
import { backendGuestPackages } from '../../plan/guest-packages.ts';

export const codenames: Record<Release, string> = { 12: 'bookworm', 13: 'trixie' };

/** The package of a kernel, and packages that work only with it. */
const kernelPackages: Record<Kernel, string[]> = {
  cloud: ['linux-image-cloud-amd64'],
  generic: ['linux-image-amd64', 'ocfs2-tools'],
};

/** Packages of the image. They are all that any lab needs, so that one image serves all labs. */
const packages = [
  // the machine
  ['systemd-sysv', 'udev', 'kmod', 'busybox-static', 'qemu-guest-agent', 'openssh-server'],
  ['ca-certificates', 'perl', 'less', 'procps', 'sudo', 'e2fsprogs', 'fdisk'],
  // the director
  ['ipvsadm', 'keepalived', 'ldirectord', 'conntrack', 'nftables', 'iptables', 'chrony'],
  // the real servers, and the servers of a web site
  backendGuestPackages,
  ['php', 'php-fpm', 'php-cli', 'php-mysql', 'php-xml', 'php-gd', 'libfcgi-bin', 'wordpress'],
  ['mariadb-server', 'nfs-kernel-server', 'nfs-common'],
  // the client, and tools to look at things
  ['tcpdump', 'iproute2', 'iputils-ping', 'iputils-arping', 'ethtool', 'netcat-openbsd', 'openssh-client'],
  ['ndisc6'],
].flat();

/** WordPress shows no page without a theme, and each release has another one. */
const themes: Record<Release, string> = {
  12: 'wordpress-theme-twentytwentythree',
  13: 'wordpress-theme-twentytwentyfive',
};

/** Options of mmdebstrap: no recommended packages, no manuals. */
export const treeOptions = ({ release, kernel }: GuestSystem): string[] => [
  '--variant=minbase',
  `--include=${[...new Set([...kernelPackages[kernel], ...packages, themes[release]])].join(',')}`,
  '--aptopt=APT::Install-Recommends "false"',
  '--dpkgopt=path-exclude=/usr/share/man/*',
  '--dpkgopt=path-exclude=/usr/share/locale/*',
  '--dpkgopt=path-exclude=/usr/share/doc/*',
  '--dpkgopt=path-include=/usr/share/doc/*/copyright',
];

/** Twelve hex digits that change with the recipe. */
export function recipeKey(system: GuestSystem, scripts: readonly string[]): string {
  const recipe = JSON.stringify([codenames[system.release], treeOptions(system), scripts]);
  return createHash('sha256').update(recipe).digest('hex').slice(0, 12);
}
