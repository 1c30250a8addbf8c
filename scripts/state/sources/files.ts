import { listeningSocket } from '../listening-socket.ts';
import { merged } from '../merged.ts';
import type { Source } from '../source.ts';
import type { StateEntry } from '../state.ts';
import { processFacts } from './processes.ts';

/** What lies in files: sysctls, processes, sockets, mounts, configuration; who may read it, and how full the disks are. */
export const files: Source = {
  name: 'files',
  parse: (text, { devices }) => {
    const [contents = '', modes = '', disks = ''] = text.split(/^@@(?:modes|disks)$/m);
    const read = linesByFile(contents);
    return [
      ...sysctls(read, devices.role),
      ...configuration(read),
      ...merged(mounts(read.get('/proc/mounts') ?? [])),
      ...processFacts(read),
      ...memory(read.get('/proc/meminfo') ?? []),
      ...listening(read),
      ...modes.split('\n').flatMap(mode),
      ...disks.split('\n').flatMap(disk),
    ];
  },
};

export type LinesByFile = ReadonlyMap<string, readonly string[]>;

/** What `head -v` prints: `==> FILE <==`, the lines of the file, and an empty line before the next. Folders cannot be read. */
function linesByFile(text: string): Map<string, string[]> {
  const [, ...parts] = `\n${text}`.split(/\n==> (.+) <==\n/);
  const found = new Map<string, string[]>();
  for (let at = 0; at < parts.length; at += 2) {
    const lines = (parts[at + 1] ?? '').replace(/\n$/, '').split('\n');
    found.set(parts[at] ?? '', lines.length === 1 && lines[0] === '' ? [] : lines);
  }
  for (const file of [...found.keys()]) {
    for (let at = file.lastIndexOf('/'); at > 0; at = file.lastIndexOf('/', at - 1)) found.delete(file.slice(0, at));
  }
  return found;
}

/** Counters and random numbers. An interface's MTU by IPv6 is that of the link. */
const passing = /^net\.(netfilter\.nf_conntrack_count|ipv4\.tcp_fastopen_key|sunrpc\.transports)$/;

export function isPassingSysctl(key: string): boolean {
  return passing.test(key);
}

/** Names as sysctl takes them: a dot of a device's name is a slash there. */
function sysctls(read: LinesByFile, role: (device: string) => string): StateEntry[] {
  return [...read].flatMap(([file, lines]) => {
    if (file.startsWith('/')) return [];
    const path = file.startsWith('../') ? file.slice(3) : `net/${file}`;
    const parts = path.split('/');
    if (['conf', 'neigh'].includes(parts[2] ?? '')) parts[3] = role(parts[3] ?? '');
    const key = parts.map((part) => part.replaceAll('.', '/')).join('.');
    if (isPassingSysctl(key)) return [];
    return [{ section: 'sysctl', key, value: lines.join(' ').trim().replace(/\s+/g, ' ') }];
  });
}

function configuration(read: LinesByFile): StateEntry[] {
  return [...read].flatMap(([file, lines]) =>
    /^\/(etc|var|run)\//.test(file)
      ? [{ section: 'file', key: file, value: lines.filter((line) => !/^\s*(#|$)/.test(line)).join('\n') }]
      : [],
  );
}

/** File systems of the kernel itself; tools for looking at packets mount some of them. */
const ofKernel =
  /^(proc|sysfs|devpts|devtmpfs|cgroup2?|tracefs|debugfs|binfmt_misc|configfs|securityfs|pstore|bpf|mqueue|hugetlbfs|fusectl|autofs|rpc_pipefs|nfsd|efivarfs|ramfs)$/;

/** Whether a mount is one of those that are told. */
export function isOwnMount(target: string, type: string): boolean {
  return !ofKernel.test(type) && !/^\/run\/(user|credentials)/.test(target);
}

/** Lines like `172.16.1.8:/html /var/www/html nfs4 rw,… 0 0` */
function mounts(lines: readonly string[]): StateEntry[] {
  return lines.flatMap((line) => {
    const [source = '', target = '', type = '', options = ''] = line.split(' ');
    if (target === '' || !isOwnMount(target, type)) return [];
    return [{ section: 'mount', key: target, value: `${source} ${type} ${options}` }];
  });
}

/** Less than a twentieth is free. */
function memory(lines: readonly string[]): StateEntry[] {
  const kib = (name: string) => Number(/\d+/.exec(lines.find((line) => line.startsWith(`${name}:`)) ?? '')?.[0] ?? 0);
  return kib('MemAvailable') * 20 < kib('MemTotal')
    ? [{ section: 'memory', key: 'memory', value: 'nearly used up' }]
    : [];
}

/** Clients ask from these ports (ipvs/fresh-ports.ts, ip_local_port_range): such sockets of UDP come and go. */
const firstPassing = 10_000;

function listening(read: LinesByFile): StateEntry[] {
  const files = ['tcp', 'tcp6', 'udp', 'udp6'].map((name) => `/proc/net/${name}`);
  const lines = files.flatMap((file) => (read.get(file) ?? []).map((line) => `${file}:${line}`));
  const keys = lines.flatMap((line) => {
    const socket = listeningSocket(line);
    if (!socket || (socket.protocol === 'udp' && socket.port >= firstPassing)) return [];
    const address = socket.address.includes(':') ? `[${socket.address}]` : socket.address;
    return [`${socket.protocol} ${address}:${socket.port}`];
  });
  return [...new Set(keys)].sort().map((key) => ({ section: 'socket', key, value: '' }));
}

/** `644 0:0 /var/www/html/index.html` or `777 0:0 'LINK' -> 'TARGET'`; coreutils and busybox quote in their own ways. */
function mode(line: string): StateEntry[] {
  const [, bits = '', owner = '', names = ''] = /^(\d+) (\d+:\d+) (.+)$/.exec(line) ?? [];
  const [path = '', target] = names.split(' -> ').map((name) => name.replace(/^['`"]|['"]$/g, ''));
  if (path === '') return [];
  return [{ section: 'mode', key: path, value: target === undefined ? `${bits} ${owner}` : `link to ${target}` }];
}

/** ` 97%    3% /tmp`: blocks and inodes in use. */
function disk(line: string): StateEntry[] {
  const [, blocks, inodes, target = ''] = /^\s*(\d+)%\s+(\d+|-)%?\s+(\/.*)$/.exec(line) ?? [];
  // A file system that cannot be written to is always full.
  const full = [Number(blocks), Number(inodes)].some((used) => used >= 95);
  return full ? [{ section: 'disk', key: target, value: 'full' }] : [];
}
