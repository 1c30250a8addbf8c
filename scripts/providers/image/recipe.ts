import { createHash } from 'node:crypto';
import type { GuestSystem, Kernel, Release } from '../../model/lab.ts';
import { backendGuestPackages } from '../../plan/guest-packages.ts';

export const codenames: Record<Release, string> = { 12: 'bookworm', 13: 'trixie' };

/** What a kernel comes in, and what only it can use. */
const kernelPackages: Record<Kernel, string[]> = {
  cloud: ['linux-image-cloud-amd64'],
  generic: ['linux-image-amd64', 'ocfs2-tools'],
};

/** What a guest has on board: everything that any lab of the kit needs, so that one image serves them all. */
const packages = [
  // the machine
  ['systemd-sysv', 'udev', 'kmod', 'busybox-static', 'qemu-guest-agent', 'openssh-server'],
  ['ca-certificates', 'perl', 'less', 'procps', 'sudo', 'e2fsprogs', 'fdisk'],
  // the director
  ['ipvsadm', 'keepalived', 'ldirectord', 'conntrack', 'nftables', 'iptables', 'chrony'],
  // the real servers and what stands behind them
  backendGuestPackages,
  ['php', 'php-fpm', 'php-cli', 'php-mysql', 'php-xml', 'php-gd', 'libfcgi-bin', 'wordpress'],
  ['mariadb-server', 'nfs-kernel-server', 'nfs-common'],
  // the client, and anybody who looks
  ['tcpdump', 'iproute2', 'iputils-ping', 'iputils-arping', 'ethtool', 'netcat-openbsd', 'openssh-client'],
  ['ndisc6'],
].flat();

/** WordPress shows nothing without one, and each release has its own. */
const themes: Record<Release, string> = {
  12: 'wordpress-theme-twentytwentythree',
  13: 'wordpress-theme-twentytwentyfive',
};

/** mmdebstrap's options that make the tree: no recommendations, no manuals. */
export const treeOptions = ({ release, kernel }: GuestSystem): string[] => [
  '--variant=minbase',
  `--include=${[...new Set([...kernelPackages[kernel], ...packages, themes[release]])].join(',')}`,
  '--aptopt=APT::Install-Recommends "false"',
  '--dpkgopt=path-exclude=/usr/share/man/*',
  '--dpkgopt=path-exclude=/usr/share/locale/*',
  '--dpkgopt=path-exclude=/usr/share/doc/*',
  '--dpkgopt=path-include=/usr/share/doc/*/copyright',
];

/** Twelve hex digits that change whenever the recipe does. */
export function recipeKey(system: GuestSystem, scripts: readonly string[]): string {
  const recipe = JSON.stringify([codenames[system.release], treeOptions(system), scripts]);
  return createHash('sha256').update(recipe).digest('hex').slice(0, 12);
}
