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

/**
 * The small image has what most labs need, and is built in half the time. The full one has what any lab needs. A lab gets the
 * first that is built and has its packages.
 */
export const extents = ['small', 'full'] as const;
export type Extent = (typeof extents)[number];

const smallPackages = [
  // the machine
  ['systemd-sysv', 'udev', 'kmod', 'busybox-static', 'qemu-guest-agent', 'dropbear-bin', 'openssh-server'],
  ['ca-certificates', 'perl', 'less', 'procps', 'sudo', 'e2fsprogs', 'fdisk'],
  // the director
  ['ipvsadm', 'keepalived', 'ldirectord', 'conntrack', 'nftables', 'iptables', 'chrony'],
  // the real servers
  ['apache2', 'openssl'],
  // the client, and tools to look at things
  ['curl', 'tcpdump', 'iproute2', 'iputils-ping', 'iputils-arping', 'ethtool', 'netcat-openbsd', 'openssh-client'],
  // socat: the kernel's own test of IPVS asks and answers with it
  ['ndisc6', 'socat'],
].flat();

const packagesOf: Record<Extent, readonly string[]> = {
  small: smallPackages,
  full: [
    smallPackages,
    backendGuestPackages,
    // the servers of a web site
    ['php', 'php-fpm', 'php-cli', 'php-mysql', 'php-xml', 'php-gd', 'libfcgi-bin', 'wordpress'],
    ['mariadb-server', 'nfs-kernel-server', 'nfs-common'],
  ].flat(),
};

/** The images that have these packages, the smallest first. The full one has them in any case. */
export function extentsWith(packages: readonly string[]): [Extent, ...Extent[]] {
  return packages.every((name) => smallPackages.includes(name)) ? ['small', 'full'] : ['full'];
}

/** WordPress shows no page without a theme, and each release has another one. */
const themes: Record<Release, string> = {
  12: 'wordpress-theme-twentytwentythree',
  13: 'wordpress-theme-twentytwentyfive',
};

/** Options of mmdebstrap: no recommended packages, no manuals. The tree is thrown away, so dpkg need not wait for the disk. */
export const treeOptions = ({ release, kernel }: GuestSystem, extent: Extent): string[] => [
  '--variant=minbase',
  `--include=${includedIn({ release, kernel }, extent).join(',')}`,
  '--aptopt=APT::Install-Recommends "false"',
  '--dpkgopt=force-unsafe-io',
  '--dpkgopt=path-exclude=/usr/share/man/*',
  '--dpkgopt=path-exclude=/usr/share/locale/*',
  '--dpkgopt=path-exclude=/usr/share/doc/*',
  '--dpkgopt=path-include=/usr/share/doc/*/copyright',
];

function includedIn({ release, kernel }: GuestSystem, extent: Extent): string[] {
  const theme = extent === 'full' ? [themes[release]] : [];
  return [...new Set([...kernelPackages[kernel], ...packagesOf[extent], ...theme])];
}

/** Twelve hex digits that change with the recipe. */
export function recipeKey(system: GuestSystem, extent: Extent, scripts: readonly string[]): string {
  const recipe = JSON.stringify([codenames[system.release], treeOptions(system, extent), scripts]);
  return createHash('sha256').update(recipe).digest('hex').slice(0, 12);
}
