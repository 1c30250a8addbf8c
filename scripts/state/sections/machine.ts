import { own } from '../../own.ts';
import { sh } from '../../render/shell-line.ts';
import { shellQuote } from '../../render/shell-quote.ts';
import type { Section, States } from '../section.ts';
import { strayOf } from '../sources/processes.ts';

export const module: Section = {
  name: 'module',
  meaning: ({ after }) =>
    after === undefined
      ? 'nothing does the work of the module any more'
      : 'the module acts by itself once it is loaded',
  undo: ({ key, before }) => sh`modprobe ${before === undefined ? '-r ' : ''}${key}`,
};

export const fou: Section = {
  name: 'fou',
  meaning: ({ after }) =>
    after === undefined ? 'tunnels in UDP to this port are not unwrapped' : 'UDP packets to this port are unwrapped',
  undo({ key, before }) {
    const [, port = '', ipv6 = ''] = /^port (\d+).*?( -6)?$/.exec(key) ?? [];
    const ip = ipv6 ? 'ip -6' : 'ip';
    return before === undefined ? sh`${ip} fou delete port ${port}` : sh`${ip} fou add ${key.replace(' -6', '')}`;
  },
};

export const xfrm: Section = {
  name: 'xfrm',
  meaning: () => 'an IPsec policy: packets that it names are dropped unless they are encrypted as it demands',
  undo: ({ key, before }) => {
    const [policy] = /^src \S+ dst \S+.*? dir \w+/.exec(key) ?? [];
    return before === undefined && policy ? sh`ip xfrm policy delete ${policy}` : undefined;
  },
};

export const mount: Section = {
  name: 'mount',
  meaning: ({ after }) =>
    after === undefined
      ? 'the files of that file system are not there'
      : 'files below the mount are hidden, or used with other options',
  undo({ key, before, after }) {
    if (before === undefined) return `umount ${shellQuote(key)}`;
    const [source = '', type = '', options = ''] = before.split(' ');
    if (after !== undefined)
      return /^(rw|ro)\b/.test(options) ? `mount -o remount,${options.slice(0, 2)} ${shellQuote(key)}` : undefined;
    return `mount -t ${shellQuote(type)} ${shellQuote(source)} ${shellQuote(key)}`;
  },
};

/** The command that makes a daemon read a file again. */
const readers: [path: RegExp, command: string][] = [
  [/^\/etc\/apache2\//, 'systemctl reload-or-restart apache2'],
  [/^\/etc\/ha\.d\//, 'systemctl restart ldirectord'],
  [/^\/etc\/keepalived\//, 'systemctl reload-or-restart keepalived'],
  [/^\/etc\/chrony\/chrony/, 'systemctl restart chrony'],
  [/^\/etc\/dnsmasq\.d\//, 'systemctl restart dnsmasq'],
  [/^\/etc\/vsftpd/, 'systemctl restart vsftpd'],
  [/^\/etc\/exim4\//, 'systemctl restart exim4'],
  [/^\/etc\/dovecot\//, 'systemctl restart dovecot'],
  [/^\/etc\/(ldap|default\/slapd$)/, 'systemctl restart slapd'],
  [/^\/etc\/squid\//, 'systemctl restart squid'],
  [/^\/etc\/exports/, 'exportfs -ra'],
  [/^\/etc\/mysql\//, 'systemctl restart mariadb'],
];

function reread(path: string): string {
  const [, unit] = /^\/(?:etc|run)\/systemd\/.*?\/([\w@.-]+\.service)/.exec(path) ?? [];
  if (unit) return sh` && systemctl daemon-reload && systemctl restart ${unit}`;
  const command = readers.find(([pattern]) => pattern.test(path))?.[1];
  return command ? ` && ${command}` : '';
}

/** Files without their comments. */
export const file: Section = {
  name: 'file',
  meaning: ({ key }) => meaningOf(key),
  undo({ key, before, after }, states) {
    const path = shellQuote(key);
    // The table of what is exported, which exportfs writes.
    if (key === '/var/lib/nfs/etab') return 'exportfs -ra';
    if (before === undefined) return `rm -f ${path}${reread(key)}`;
    if (before.length > states.longest) return undefined;
    const lines = before.split('\n').map(shellQuote).join(' ');
    const folder = after === undefined ? folderAgain(key) : '';
    // A daemon that does not start again may have been so before.
    return `${folder}printf '%s\\n' ${lines} > ${path}${modeAgain(key, states)}${reread(key)}`;
  },
};

/** Makes the folders above a file that is not there. Those that every machine has are left out. */
function folderAgain(path: string): string {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  return ['', '/etc'].includes(folder) ? '' : `mkdir -p ${shellQuote(folder)} && `;
}

const files: [path: RegExp, meaning: string][] = [
  [/^\/etc\/(hosts|nsswitch\.conf|resolv\.conf|gai\.conf)$/, 'which names and addresses programs find'],
  [/^\/etc\/hosts\.(allow|deny)$/, 'which clients some daemons refuse'],
  [/^\/etc\/fstab$/, 'what is mounted at the next start'],
  [/^(\/etc\/exports|\/var\/lib\/nfs\/etab)$/, 'which files the NFS server exports to which machines'],
  [/^\/var\/www\//, 'the page that clients get'],
  [/^\/(etc|run)\/systemd\//, 'how a daemon is started, and what it may do'],
];

function meaningOf(path: string): string {
  return files.find(([pattern]) => pattern.test(path))?.[1] ?? 'what a daemon does after it has read the file again';
}

export const mode: Section = {
  name: 'mode',
  meaning: () => 'who may read the file, or whether it exists: a web server that may not read a page answers 403',
  undo({ key, before, after }, states) {
    if (before === undefined) return `rm -r ${shellQuote(key)}${reread(key)}`;
    const [, target] = /^link to (.*)$/.exec(before) ?? [];
    if (target !== undefined) return `ln -sfn ${shellQuote(target)} ${shellQuote(key)}${reread(key)}`;
    if (after === undefined) return undefined;
    return modeAgain(key, states).replace(/^ && /, '') || undefined;
  },
};

function modeAgain(path: string, states: States): string {
  const [, bits, owner] = /^(\d+) (\S+)$/.exec(states.before.of('mode', path) ?? '') ?? [];
  return bits && owner ? ` && chmod ${bits} ${shellQuote(path)} && chown ${shellQuote(owner)} ${shellQuote(path)}` : '';
}

export const process: Section = {
  name: 'process',
  meaning({ before, after }) {
    if (after === undefined) return 'it does not run, so nothing does its work';
    if (after.startsWith('stopped'))
      return 'one of its processes is stopped: the kernel may accept connections that nobody answers';
    return before === undefined ? 'it was not there' : 'how it runs';
  },
  undo({ key, before, after }) {
    const unit = key.endsWith('.service');
    if (key === 'nfsd') return `systemctl ${after === undefined ? 'restart' : 'stop'} nfs-server`;
    if (after === undefined) return unit ? `systemctl start ${shellQuote(key)}` : undefined;
    const stray = strayOf(after);
    if (stray !== undefined) return `pkill -x ${shellQuote(stray)}; systemctl restart ${shellQuote(key)}`;
    if (before === undefined) return unit ? `systemctl stop ${shellQuote(key)}` : `pkill -x ${shellQuote(key)}`;
    if (after.startsWith('stopped'))
      return unit ? `systemctl kill --signal=CONT ${shellQuote(key)}` : `pkill -CONT -x ${shellQuote(key)}`;
    return unit ? `systemctl restart ${shellQuote(key)}` : undefined;
  },
};

export const limit: Section = {
  name: 'limit',
  meaning: ({ key }) =>
    key.endsWith('freeze')
      ? 'a frozen unit does nothing'
      : 'how much of the machine’s time and memory the unit may use',
  undo({ key, before }) {
    const [unit = '', name = ''] = key.split(' ');
    if (before !== undefined) return undefined;
    if (name === 'cgroup.freeze') return `systemctl thaw ${shellQuote(unit)}`;
    const property = own({ 'cpu.max': 'CPUQuota=', 'memory.max': 'MemoryMax=infinity' }, name);
    return property && `systemctl set-property --runtime ${shellQuote(unit)} ${property}`;
  },
};

export const socket: Section = {
  name: 'socket',
  meaning: ({ after }) =>
    after === undefined
      ? 'the socket is gone: if no other one takes its place, connections are refused'
      : 'a program listens there',
  undo: () => undefined,
};

export const disk: Section = {
  name: 'disk',
  meaning: () => 'little or no room is left: programs may fail to write there',
  undo: () => undefined,
};

export const memory: Section = {
  name: 'memory',
  meaning: () => 'programs become slow, or the kernel kills one',
  undo: () => undefined,
};

export const busy: Section = {
  name: 'busy',
  meaning: () => 'everything else on the node becomes slower',
  undo: ({ key }) =>
    key.endsWith('.service') ? `systemctl restart ${shellQuote(key)}` : `pkill -x ${shellQuote(key)}`,
};
