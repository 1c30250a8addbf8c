import { own } from '../own.ts';
import type { Facts } from './section.ts';
import { linkOf } from './sections/link.ts';
import { isGiven } from './sections/sysctl.ts';
import type { StateDifference } from './state.ts';

/**
 * The differences that a person made. It leaves out differences that follow from them, such as the routes of an address or the
 * settings of a new device, and differences without effect, such as a module that was loaded to list rules.
 */
export function leading(all: readonly StateDifference[], before: Facts, after: Facts): StateDifference[] {
  const seen: Seen = {
    all,
    before,
    after,
    is: (section, test) => all.some((one) => one.section === section && test(one)),
  };
  return all.filter((one) => !(own(follows, one.section)?.(one, seen) ?? false));
}

interface Seen {
  all: readonly StateDifference[];
  before: Facts;
  after: Facts;
  /** Whether there is such a difference. */
  is(section: string, test: (one: StateDifference) => boolean): boolean;
}

type Follows = (one: StateDifference, seen: Seen) => boolean;

const isNew = ({ before }: StateDifference) => before === undefined;
const isGone = ({ after }: StateDifference) => after === undefined;
const comesOrGoes = (one: StateDifference) => isNew(one) || isGone(one);

/** Whether a device is new or gone. */
function deviceDiffers({ is }: Seen, role: string): boolean {
  return is('link', (one) => one.key === role && comesOrGoes(one));
}

const upDiffers = ({ is }: Seen, role: string) => is('link', ({ key }) => key === `${role} up`);

/** Modules that do something as soon as they are loaded. */
const acting =
  /^(br_netfilter|ip_vs_ftp|nf_(conntrack|nat)_(ftp|sip|tftp|irc|h323|pptp|amanda|sane|snmp(_basic)?|netbios_ns))$/;

const follows: Record<string, Follows> = {
  module: (one) => isNew(one) && !acting.test(one.key),
  nic: (one, seen) => comesOrGoes(one) && deviceDiffers(seen, one.key),
  link(one, seen) {
    const { role, attribute } = linkOf(one.key);
    if (attribute === '') return false;
    return deviceDiffers(seen, role) || (attribute === 'carrier' && upDiffers(seen, role));
  },
  sysctl: sysctlFollows,
  address(one, seen) {
    const [role = '', cidr = ''] = one.key.split(' ');
    if (!cidr.startsWith('fe80:')) return false;
    const made = ['up', 'mac', 'inet6_addr_gen_mode', 'noarp'].map((attribute) => `${role} ${attribute}`);
    const switched = [`net.ipv6.conf.${role}.disable_ipv6`, 'net.ipv6.conf.all.disable_ipv6'];
    return (
      deviceDiffers(seen, role) ||
      seen.is('link', ({ key }) => made.includes(key)) ||
      seen.is('sysctl', ({ key }) => switched.includes(key))
    );
  },
  route(one, seen) {
    const text = `${one.key} ${one.before ?? ''} ${one.after ?? ''}`;
    if (!text.includes('proto kernel')) return false;
    // The kernel adds that of an IPv6 address later: when duplicate address detection has ended, which takes a second or two.
    const [bare] = one.key.split(' ');
    const has = seen.after.below('address', '').some(({ key }) => key.split(/[ /]/)[1] === bare);
    if (isNew(one) && one.after?.startsWith('local proto kernel') && has) return true;
    const [, role = ''] = / dev (\S+)/.exec(` ${text}`) ?? [];
    return (
      deviceDiffers(seen, role) ||
      seen.is('address', ({ key }) => key.startsWith(`${role} `)) ||
      seen.is('link', ({ key }) => key.startsWith(`${role} `)) ||
      seen.is('sysctl', ({ key }) => /\.(disable_ipv6|forwarding)$/.test(key))
    );
  },
  nft(one, seen) {
    const [kind = '', family = '', table = '', name = ''] = one.key.replace(/:.*/s, '').split(' ');
    const tableMoves =
      kind !== 'table' && seen.is('nft', (it) => it.key === `table ${family} ${table}` && comesOrGoes(it));
    if (kind === 'rule') return false;
    if (tableMoves) return true;
    if (kind !== 'rules') return false;
    const chain = `${family} ${table} ${name}`;
    return seen.is(
      'nft',
      (it) => it.key.startsWith(`rule ${chain}: `) || (it.key === `chain ${chain}` && comesOrGoes(it)),
    );
  },
  iptables: legacyFollows,
  ip6tables: legacyFollows,
  qdisc(one, seen) {
    const [role = ''] = one.key.split(' ');
    const own = [one.before, one.after].every((value) => value === undefined || /^\S+ 0:/.test(value));
    return deviceDiffers(seen, role) || (own && upDiffers(seen, role));
  },
  class: (one, seen) => seen.is('qdisc', ({ key }) => key.split(' ')[0] === one.key.split(' ')[0]),
  offload: (one, seen) => deviceDiffers(seen, one.key.split(' ')[0] ?? ''),
  mode: (one, seen) => comesOrGoes(one) && seen.is('file', (it) => it.key === one.key && comesOrGoes(it)),
  limit: (one, seen) => seen.is('file', ({ key }) => key.includes(`/${one.key.split(' ')[0]}.d/`)),
  disk: isGone,
  memory: isGone,
  busy: isGone,
};

function legacyFollows(one: StateDifference, seen: Seen): boolean {
  const [table = '', word, chain = ''] = one.key.split(' ');
  return word === 'rules' && seen.is(one.section, ({ key }) => key.startsWith(`${table} -A ${chain} `));
}

function sysctlFollows(one: StateDifference, seen: Seen): boolean {
  const { key, before, after } = one;
  const parts = key.split('.');
  const role = parts[2] === 'conf' || parts[2] === 'neigh' ? (parts[3] ?? '').replaceAll('/', '.') : undefined;
  if (role !== undefined && deviceDiffers(seen, role)) return true;
  if (before === undefined && after !== undefined) return isGiven(key, after, seen.after);
  if (after === undefined) return seen.is('module', isGone);
  if (key === `net.ipv6.conf.${role}.mtu`) return seen.is('link', (it) => it.key === `${role} mtu`);
  return switchedTogether(one, parts, role, seen);
}

/**
 * A sysctl for all devices: ip_forward, and disable_ipv6 and forwarding of IPv6, also set the sysctl of each device and of `default`;
 * ip_forward also sets all.accept_redirects to its opposite (inet_forward_change in net/ipv4/devinet.c, dev_forward_change in
 * net/ipv6/addrconf.c).
 */
function switchedTogether(
  { key, before, after }: StateDifference,
  parts: string[],
  role: string | undefined,
  seen: Seen,
): boolean {
  if (role === undefined) return false;
  const setting = parts.at(-1) ?? '';
  const forward = seen.all.find((one) => one.key === 'net.ipv4.ip_forward');
  if (parts[1] === 'ipv4' && forward) {
    if (setting === 'forwarding') return after === forward.after;
    const opposite = (value: string | undefined) => (value === '0' ? '1' : '0');
    return (
      key === 'net.ipv4.conf.all.accept_redirects' &&
      after === opposite(forward.after) &&
      before === opposite(forward.before)
    );
  }
  if (parts[1] !== 'ipv6' || role === 'all') return false;
  const all = seen.all.find((one) => one.key === `net.ipv6.conf.all.${setting}`);
  return ['forwarding', 'disable_ipv6'].includes(setting) && all !== undefined && after === all.after;
}
