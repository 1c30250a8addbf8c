import type { StateDifference } from '../state/state.ts';

/** Leaves out differences that follow from others, or belong to the same thing. */
export function apart<T extends StateDifference>(all: readonly T[]): T[] {
  const kept: T[] = [];
  for (const one of [...all].sort((a, b) => rank(a) - rank(b))) {
    if (!covers(kept, one)) kept.push(one);
  }
  return kept;
}

/** The lowest rank decides: a dropping rule before its table, a configuration file before the process that reads it. */
function rank({ section, key, after }: StateDifference): number {
  if (section === 'nft') {
    if (key.startsWith('rule ')) return /( accept| return|(^|: | )(jump|goto) \S+)$/.test(key) ? 2 : 0;
    return key.startsWith('chain ') ? (/policy drop/.test(after ?? '') ? 0 : 1) : 3;
  }
  return { file: 0, process: 1, socket: 2, module: 4 }[section] ?? 0;
}

/** Whether a difference follows from others, or belongs to the same thing. */
export function covers(others: readonly StateDifference[], one: StateDifference): boolean {
  return others.some((other) => {
    if (other.section === one.section && other.key === one.key) return true;
    return belongs[one.section]?.(one, other) ?? false;
  });
}

/** Whether a difference of a section belongs to another difference. */
const belongs: Record<string, (one: StateDifference, other: StateDifference) => boolean> = {
  nft(one, other) {
    // A rule that decides something is told by itself, whatever its table is known for.
    if (other.section !== 'nft' || rank(one) === 0) return false;
    if (one.key.startsWith('rules ')) return chainIn(one.key) === chainIn(other.key);
    return tableIn(one.key) === tableIn(other.key);
  },
  socket(one, other) {
    if (other.section === 'file') return readerOf(other.key) !== undefined;
    if (other.section === 'process') return comes(one) === comes(other);
    return other.section === 'socket' && (portIn(one.key) === portIn(other.key) || comes(one) !== comes(other));
  },
  process({ key }, other) {
    const reader = other.section === 'file' ? readerOf(other.key) : undefined;
    return reader?.test(key) ?? false;
  },
  ipvs: ({ key }, other) => other.section === 'ipvs' && key.startsWith(`${other.key} -r `) && other.after === undefined,
  module({ key }, { section }) {
    return users.some(([modules, sections]) => modules.test(key) && sections.includes(section));
  },
};

/** `inet lab` of `rule inet lab input: tcp dport 80 drop`. */
function tableIn(key: string): string {
  return key.split(' ').slice(1, 3).join(' ').replace(/:$/, '');
}

/** `inet lab input` of it. */
function chainIn(key: string): string {
  return key.split(' ').slice(1, 4).join(' ').replace(/:$/, '');
}

function portIn(key: string): string {
  return key.replace(/^.*:/, '');
}

/** Whether it is new, gone, or another one. */
function comes({ before, after }: StateDifference): string {
  return before === undefined ? 'new' : after === undefined ? 'gone' : 'another';
}

/** The processes that a configuration file is for. */
const readers: [path: RegExp, processes: RegExp][] = [
  [/^\/etc\/apache2\//, /^apache2\b/],
  [/^\/etc\/ha\.d\//, /^ldirectord\b/],
  [/^\/etc\/keepalived\//, /^keepalived\b/],
  [/^\/etc\/chrony\//, /^chrony/],
  [/^\/etc\/dnsmasq\.d\//, /^dnsmasq\b/],
  [/^\/etc\/vsftpd/, /^vsftpd\b/],
  [/^\/etc\/exim4\//, /^exim4?\b/],
  [/^\/etc\/dovecot\//, /^dovecot\b/],
  [/^\/etc\/(ldap|default\/slapd$)/, /^slapd\b/],
  [/^\/etc\/squid\//, /^squid\b/],
  [/^\/etc\/(exports|nfs)/, /^(nfsd|nfs-)/],
  [/^\/etc\/mysql\//, /^(mariadb|mysql)/],
  [/^\/etc\/php\//, /^php/],
];

function readerOf(path: string): RegExp | undefined {
  const [, unit] = /^\/(?:etc|run)\/systemd\/.*?([\w@-]+)\.service\b/.exec(path) ?? [];
  return unit === undefined ? readers.find(([pattern]) => pattern.test(path))?.[1] : new RegExp(`^${unit}\\b`);
}

/** Modules that come and go with what uses them. */
const users: [modules: RegExp, sections: readonly string[]][] = [
  [
    /^(nf_(?!conntrack_|nat_)|nft_|xt_|ipt|ip6t|ip6?_tables|arp|ebt)/,
    ['nft', 'iptables', 'ip6tables', 'arptables', 'ebtables'],
  ],
  [/^ip_vs(?!_ftp)/, ['ipvs']],
  [
    /^(ipip|ip_gre|gre|sit|ip_tunnel|ip6_|tunnel|dummy|bonding|8021q|macvlan|ipvlan|vxlan|veth|vrf|tun|bridge)/,
    ['link', 'nic'],
  ],
  [/^fou$/, ['fou', 'link']],
  [/^(sch_|cls_|act_|em_)/, ['qdisc', 'class', 'filter']],
];
