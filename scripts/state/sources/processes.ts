import type { StateEntry } from '../state.ts';
import type { LinesByFile } from './files.ts';

interface Process {
  name: string;
  /** Letter of proc_pid_stat(5): T is stopped. */
  state: string;
  parent: number;
  terminal: number;
  nice: number;
  /** Share of one core, since it began. */
  busy: number;
  seconds: number;
  /** Unit of systemd, such as `apache2.service`; undefined for a thread of the kernel. */
  unit: string | undefined;
}

/** What the clock of proc_pid_stat(5) counts in a second (USER_HZ). */
const ticks = 100;

/** Units whose processes are a person's own: what is started over SSH. */
const ofLogins = /^(lab-ssh|ssh|sshd)\.service$|^user/;

/** What systemd and Debian start for a moment, now and then, and the client of templates/site/wordpress.hbs. */
const momentary =
  /^(curl$|systemd-|\(|apt|dpkg|man-db|logrotate|fstrim|e2scrub|phpsession|agetty|sd-pam|run-u|session-|getty|cron|anacron|dhcp|dhclient)/;

/**
 * Daemons: units of systemd with a process, other processes without a parent, and the threads of the NFS server. A daemon is
 * `stopped` when one of its processes is. A unit can also be frozen or limited by its control group.
 */
export function processFacts(read: LinesByFile): StateEntry[] {
  const uptime = Number(read.get('/proc/uptime')?.[0]?.split(' ')[0] ?? 0);
  const all = [...read].flatMap(([file, lines]) => {
    const [, pid] = /^\/proc\/(\d+)\/stat$/.exec(file) ?? [];
    return pid === undefined ? [] : processOf(lines[0] ?? '', uptime, unitOf(read, pid));
  });
  const daemons = new Map<string, Process[]>();
  for (const process of all) {
    const name = daemonOf(process);
    if (name !== undefined) daemons.set(name, [...(daemons.get(name) ?? []), process]);
  }
  return [
    ...[...daemons].sort().map(([key, some]) => ({ section: 'process', key, value: stateOf(some) })),
    ...all.filter(isBusy).map(busyFact),
    ...limits(read),
    ...(Number(read.get('/proc/fs/nfsd/threads')?.[0] ?? 0) > 0
      ? [{ section: 'process', key: 'nfsd', value: 'runs' }]
      : []),
  ];
}

/** `apache2.service` of `0::/system.slice/apache2.service`; there may be a slice above it, and groups below. */
function unitOf(read: LinesByFile, pid: string): string | undefined {
  const path = read.get(`/proc/${pid}/cgroup`)?.[0] ?? '';
  return /^0::\/system\.slice\/(?:[^/]+\.slice\/)*([^/]+\.(?:service|scope))(?:\/|$)/.exec(path)?.[1];
}

/** Fields behind the name, which may have blanks and brackets in it. */
function processOf(stat: string, uptime: number, unit: string | undefined): Process[] {
  const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/.exec(stat) ?? [];
  const fields = rest.split(' ');
  if (fields.length < 20) return [];
  const number = (at: number) => Number(fields[at]);
  const seconds = uptime - number(19) / ticks;
  return [
    {
      name,
      state: fields[0] ?? '',
      parent: number(1),
      terminal: number(4),
      nice: number(16),
      busy: (number(11) + number(12)) / ticks / Math.max(seconds, 1),
      seconds,
      unit,
    },
  ];
}

/** The name of the daemon that a process belongs to; undefined if it is none. */
function daemonOf({ name, parent, terminal, unit }: Process): string | undefined {
  const ownUnit = unit?.endsWith('.service') && !ofLogins.test(unit) ? unit : undefined;
  if (ownUnit) return isLasting(ownUnit) ? ownUnit : undefined;
  return parent === 1 && terminal === 0 && isLasting(name) ? name : undefined;
}

/** Whether a unit, or a process without one, is told by that name. */
export function isLasting(name: string): boolean {
  return name !== 'systemd' && !momentary.test(name) && !(name.endsWith('.service') && ofLogins.test(name));
}

const outside = ' outside of its unit, as ';

/**
 * A daemon whose unit is gone may run all the same, because somebody has started it by hand: then its process has the name of the
 * daemon, or nearly so (mariadb.service runs mariadbd, php8.2-fpm.service runs php-fpm8.2).
 */
export function withStrays(facts: readonly StateEntry[], before: readonly StateEntry[]): StateEntry[] {
  const isProcess = ({ section }: StateEntry) => section === 'process';
  const gone = before.filter((one) => isProcess(one) && !facts.some((it) => isProcess(it) && it.key === one.key));
  return facts.map((fact) => {
    if (!isProcess(fact) || fact.key.endsWith('.service')) return fact;
    const unit = gone.find(({ key }) => key.endsWith('.service') && alike(key, fact.key));
    return unit ? { ...fact, key: unit.key, value: `${fact.value}${outside}${fact.key}` } : fact;
  });
}

/** The name under which a process runs outside of its unit. */
export function strayOf(value: string): string | undefined {
  return value.split(outside)[1];
}

function alike(unit: string, name: string): boolean {
  const [one, other] = [unit.replace(/\.service$/, ''), name].map((text) => text.replace(/[\d.]/g, '')) as [
    string,
    string,
  ];
  return other.length > 2 && (one.startsWith(other) || other.startsWith(one));
}

function stateOf(some: readonly Process[]): string {
  const nice = [...new Set(some.map((one) => one.nice))].filter((one) => one !== 0).sort();
  return [some.some(({ state }) => state === 'T') ? 'stopped' : 'runs', ...nice.map((one) => `nice ${one}`)].join(' ');
}

function isBusy({ busy, seconds }: Process): boolean {
  return seconds > 5 && busy > 0.8;
}

function busyFact({ name, unit }: Process): StateEntry {
  const isDaemon = unit?.endsWith('.service') && !ofLogins.test(unit);
  return { section: 'busy', key: isDaemon && unit ? unit : name, value: `${name} takes a whole core` };
}

/** Limits of units that are not the usual ones: `cpu.max` is `QUOTA PERIOD`, `max` is no limit. */
function limits(read: LinesByFile): StateEntry[] {
  return [...read].flatMap(([file, [value = '']]) => {
    const [, unit, limit] = /^\/sys\/fs\/cgroup\/system\.slice\/([^/]+)\/([\w.]+)$/.exec(file) ?? [];
    if (!unit || !limit || /^(max|0)\b/.test(value) || limit === 'pids.max') return [];
    return [{ section: 'limit', key: `${unit} ${limit}`, value }];
  });
}
