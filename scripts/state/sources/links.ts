import type { Device } from '../devices.ts';
import type { Source } from '../source.ts';
import type { StateEntry } from '../state.ts';
import { unreadFact } from '../unread.ts';

/** A link as `ip -j -d address` prints it; of most keys only the value is of interest. */
interface Link {
  ifname: string;
  address?: string;
  flags: string[];
  link_type: string;
  linkinfo?: { info_kind?: string; info_data?: Record<string, unknown>; info_slave_data?: Record<string, unknown> };
  parentdev?: string;
  addr_info: Address[];
  [key: string]: unknown;
}

interface Address {
  family: string;
  local: string;
  /** The other end of a point-to-point link. */
  address?: string;
  prefixlen: number;
  broadcast?: string;
  scope: string;
  label?: string;
  [key: string]: unknown;
}

/** `ip -j -d address`: NICs, links and addresses. */
export const links: Source = {
  name: 'links',
  parse: (text, { devices }) => {
    const found = linksIn(text);
    if (!found) return ['nic', 'link', 'address'].map((section) => unreadFact(section, notUnderstood));
    return [
      ...devices.facts,
      ...found.flatMap((link) => linkFacts(link, devices.role(link.ifname), devices.role)),
      ...found.flatMap((link) => link.addr_info.flatMap((one) => addressFact(one, link.ifname, devices.role))),
    ];
  },
};

const notUnderstood = 'ip printed what is not understood';

/** None where the text is not understood. */
export function devicesIn(text: string): Device[] {
  return (linksIn(text) ?? []).map(({ ifname, address = '', linkinfo, link_type, parentdev }) => {
    // iproute2 names the device on the bus from 5.14 on.
    const hardware = parentdev !== undefined || (link_type === 'ether' && linkinfo?.info_kind === undefined);
    return { name: ifname, mac: address, hardware };
  });
}

function linksIn(text: string): Link[] | undefined {
  try {
    const found = JSON.parse(text) as (Link | Record<string, never>)[];
    return found.filter((one): one is Link => 'ifname' in one);
  } catch {
    return undefined;
  }
}

/** Keys that change by themselves, or follow from others, or cannot be changed. */
const passing = new Set([
  ...['ifindex', 'ifname', 'flags', 'qdisc', 'operstate', 'link_type', 'broadcast', 'promiscuity', 'allmulti'],
  ...['min_mtu', 'max_mtu', 'linkinfo', 'addr_info', 'stats', 'stats64', 'parentbus', 'parentdev', 'permaddr'],
  ...['num_tx_queues', 'num_rx_queues', 'tso_max_size', 'tso_max_segs', 'link_index', 'linkmode', 'address'],
]);

/** Bridges and bonds count time and elect one of them. */
const electing = /timer|_id$|designated|topology|active_slave|mii_status|state|gc_|churn|_key$|partner|root_/;

/** Flags that a person sets, as `ip link set` names them. */
const flags = { NOARP: 'noarp', PROMISC: 'promisc', ALLMULTI: 'allmulticast', MULTICAST: 'multicast' };

/** Whether a link can have a fact of that name: `mtu`, `ipip.remote`; '' is the device itself. */
export function isAttribute(name: string): boolean {
  if (['', 'up', 'carrier', 'mac', ...Object.values(flags)].includes(name)) return true;
  const [, key = ''] = /^\w+\.([\w-]+)$/.exec(name) ?? [];
  return key === '' ? /^[\w-]+$/.test(name) && !passing.has(name) : !electing.test(key);
}

function linkFacts(link: Link, role: string, roleOf: (name: string) => string): StateEntry[] {
  const { info_kind: kind = '', info_data: data = {}, info_slave_data: slave = {} } = link.linkinfo ?? {};
  const fact = (key: string, value: unknown): StateEntry => ({
    section: 'link',
    key: key ? `${role} ${key}` : role,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  });
  const isUp = link.flags.includes('UP');
  const named = ['link', 'master'];
  const plain = Object.entries(link).filter(([key]) => !passing.has(key));
  const special = Object.entries({ ...data, ...slave }).filter(([key]) => !electing.test(key));
  return [
    fact('', kind),
    fact('up', isUp ? 'yes' : 'no'),
    ...(isUp ? [fact('carrier', link.flags.includes('NO-CARRIER') ? 'no' : 'yes')] : []),
    ...(link.address ? [fact('mac', link.address)] : []),
    ...Object.entries(flags).map(([flag, word]) => fact(word, link.flags.includes(flag) ? 'on' : 'off')),
    ...plain.map(([key, value]) => fact(key, named.includes(key) ? roleOf(String(value)) : value)),
    ...special.map(([key, value]) => fact(`${kind || 'port'}.${key}`, value)),
  ];
}

/** Words for flags of an address that stay. */
const lasting = ['deprecated', 'dadfailed', 'nodad', 'noprefixroute', 'mngtmpaddr', 'home', 'optimistic', 'autojoin'];

function addressFact(one: Address, device: string, roleOf: (name: string) => string): StateEntry[] {
  // Privacy addresses come and go.
  if (one.temporary) return [];
  const role = roleOf(device);
  const label = one.label?.replace(/^[^:]*/, role);
  const words = [
    ...(one.address ? [`peer ${one.address}`] : []),
    ...(one.broadcast ? [`broadcast ${one.broadcast}`] : []),
    `scope ${one.scope}`,
    ...(label && label !== role ? [`label ${label}`] : []),
    ...lasting.filter((flag) => one[flag] === true),
  ];
  return [{ section: 'address', key: `${role} ${one.local}/${one.prefixlen}`, value: words.join(' ') }];
}
