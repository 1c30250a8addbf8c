import { sh } from '../../render/shell-line.ts';
import { withDevices } from '../devices.ts';
import type { Section, States } from '../section.ts';

export const address: Section = {
  name: 'address',
  meaning({ key, before, after }, states) {
    const [device, cidr = ''] = key.split(' ');
    const [bare = ''] = cidr.split('/');
    if (after === undefined) {
      const elsewhere = states.after.below('address', '').find((one) => one.key.split(/[ /]/)[1] === bare);
      if (elsewhere) return `the node has ${elsewhere.key.replace(/^(\S+) (.*)/, '$2 on $1')} instead`;
      return `the node no longer accepts packets for ${bare}`;
    }
    if (before !== undefined)
      return 'how the address is used: its scope, its broadcast address, and whether it becomes a source';
    const prefix = Number(cidr.split('/')[1]);
    const wide = prefix < (cidr.includes(':') ? 128 : 32);
    const net = wide && device === 'lo' ? ' and for its whole network' : '';
    return `the node accepts packets for ${bare}${net}; if another machine has the address, some packets reach the wrong one`;
  },
  undo({ key, before, after }, states) {
    const [role = '', cidr = ''] = key.split(' ');
    const device = states.device(role);
    const remove = sh`ip address delete ${cidr} dev ${device}`;
    if (before === undefined) return remove;
    const add = addressCommand(cidr, device, before, role);
    return after === undefined ? add : `${remove}; ${add}`;
  },
};

/** Words that ip prints and does not accept as arguments. */
const printedOnly = /\b(dadfailed|optimistic)\b/g;

function addressCommand(cidr: string, device: string, value: string, role: string): string {
  const words = value
    .replace(printedOnly, '')
    .replace('deprecated', 'preferred_lft 0')
    .replace(`label ${role}`, `label ${device}`)
    .replace(/scope (global|link|host)/, (scope) => (cidr.includes(':') ? '' : scope));
  const [, peer] = /peer (\S+)/.exec(words) ?? [];
  const [bare = '', prefix = ''] = cidr.split('/');
  const local = peer ? `${bare} peer ${peer}/${prefix}` : cidr;
  const rest = words.replace(/peer \S+/, '');
  return sh`ip address replace ${local} ${rest} dev ${device}`.replace(/ +/g, ' ');
}

export const route: Section = {
  name: 'route',
  meaning({ key, before, after }) {
    const to = key.split(' ')[0] ?? '';
    const where =
      to === 'default' || to === '::/0' ? 'the route of packets that no other route matches' : `the route to ${to}`;
    if (after === undefined) return `${where} is gone; another route may take its place`;
    if (/^(blackhole|unreachable|prohibit|throw)/.test(after)) return 'packets that take this route go nowhere';
    return before === undefined ? `${where}; before, there was another one or none` : where;
  },
  undo({ key, before, after }, states) {
    if ((before ?? after)?.includes(' | ')) return undefined;
    const value = (before ?? after ?? '').trim();
    const [, type = '', rest = ''] =
      /^(unicast|local|broadcast|multicast|throw|unreachable|prohibit|blackhole|nat)?\s*(.*)$/.exec(value) ?? [];
    const ip = key.includes(':') ? 'ip -6' : 'ip';
    const text = named(`${type} ${key} ${rest.replaceAll(/\bnhid \d+ /g, '')}`, states);
    return sh`${ip} route ${before === undefined ? 'delete' : 'replace'} ${text}`;
  },
};

export const rule: Section = {
  name: 'rule',
  meaning: () => 'which packets are routed by which table',
  undo({ key, before }, states) {
    const family = key.startsWith('-6 ') ? 'ip -6' : 'ip';
    const what = named(key.replace(/^-6 /, '').replace('[l3mdev-table]', 'l3mdev'), states);
    return sh`${family} rule ${before === undefined ? 'delete' : 'add'} ${what}`;
  },
};

export const neighbour: Section = {
  name: 'neighbour',
  meaning({ key, after }) {
    if (key.startsWith('proxy '))
      return 'whether the node answers ARP or neighbour solicitations for this address of another machine';
    return after === undefined
      ? 'the node asks the neighbour for its MAC again, like any other neighbour'
      : 'packets to this neighbour go to this MAC, whichever machine has the address';
  },
  undo({ key, before }, states) {
    const proxy = key.startsWith('proxy ');
    const where = named(key, states);
    if (before === undefined) return sh`ip neighbour delete ${where}`;
    const state = before.replace(/(permanent|noarp)$/, 'nud $1');
    return sh`ip neighbour replace ${where}${proxy ? '' : ` ${state}`}`;
  },
};

/** ip prints the scope of a nexthop, and does not accept it as an argument. */
export const nexthop: Section = {
  name: 'nexthop',
  meaning: () => 'where packets go whose route names this nexthop',
  undo: ({ key, before }, states) =>
    before === undefined
      ? sh`ip nexthop delete ${key.split(' ').slice(0, 2).join(' ')}`
      : sh`ip nexthop replace ${named(key.replace(/ scope \w+/, ''), states)}`,
};

export const label: Section = {
  name: 'label',
  meaning: () => 'which source address the node chooses for IPv6',
  undo: ({ key, before }) => sh`ip addrlabel ${before === undefined ? 'delete' : 'add'} ${key}`,
};

/** Replaces the roles of devices by their names on the node. */
function named(text: string, states: States): string {
  return withDevices(text.trim().replace(/ +/g, ' '), (role) => states.device(role));
}
