import { createHash } from 'node:crypto';
import type { Release } from '../../model/lab.ts';

export const codenames: Record<Release, string> = { 12: 'bookworm', 13: 'trixie' };

/** What a guest has on board: everything that any lab of the kit needs, so that one image serves them all. */
export const packages = [
  // the machine
  ['linux-image-cloud-amd64', 'systemd-sysv', 'udev', 'kmod', 'busybox-static', 'qemu-guest-agent', 'openssh-server'],
  ['ca-certificates', 'perl', 'less', 'procps', 'sudo'],
  // the director
  ['ipvsadm', 'keepalived', 'ldirectord', 'conntrack', 'nftables', 'iptables', 'chrony'],
  // the real servers and what stands behind them
  ['apache2', 'php-fpm', 'php-mysql', 'mariadb-server', 'nfs-kernel-server', 'nfs-common'],
  ['openssl', 'dnsmasq', 'vsftpd'],
  // the client, and anybody who looks
  ['curl', 'tcpdump', 'iproute2', 'iputils-ping', 'iputils-arping', 'ethtool', 'netcat-openbsd', 'openssh-client'],
  ['bind9-dnsutils', 'ndisc6'],
].flat();

/** mmdebstrap's options that make the tree: no recommendations, no manuals. */
export const treeOptions = [
  '--variant=minbase',
  `--include=${packages.join(',')}`,
  '--aptopt=APT::Install-Recommends "false"',
  '--dpkgopt=path-exclude=/usr/share/man/*',
  '--dpkgopt=path-exclude=/usr/share/locale/*',
  '--dpkgopt=path-exclude=/usr/share/doc/*',
  '--dpkgopt=path-include=/usr/share/doc/*/copyright',
];

/** Twelve hex digits that change whenever the recipe does. */
export function recipeKey(release: Release, scripts: readonly string[]): string {
  const recipe = JSON.stringify([codenames[release], treeOptions, scripts]);
  return createHash('sha256').update(recipe).digest('hex').slice(0, 12);
}
