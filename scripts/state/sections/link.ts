import { own } from '../../own.ts';
import { sh } from '../../render/shell-line.ts';
import { shellQuote } from '../../render/shell-quote.ts';
import type { Section, States } from '../section.ts';
import type { StateDifference } from '../state.ts';

/** `front mtu` → `front` and `mtu`; a device itself has no attribute. */
export function linkOf(key: string): { role: string; attribute: string } {
  const [role = '', ...rest] = key.split(' ');
  return { role, attribute: rest.join(' ') };
}

const meanings: Record<string, string> = {
  up: 'a device that is down sends and receives nothing, and its routes are gone',
  carrier: 'without a carrier the device sends and receives nothing: the other end of the line is not there',
  mac: 'neighbours that know the old MAC may reach nobody until they ask again',
  mtu: 'the largest packet that the device sends: if a path takes less, or neighbours send more, large packets are lost',
  noarp: 'without ARP the node neither asks nor answers who has an address on this device',
  promisc: 'the device takes frames for other machines',
  allmulticast: 'the device takes every multicast frame',
  multicast: 'without multicast VRRP, IPVS sync and IPv6 may not work on this device',
  master: 'a device with a master gives its packets to that bridge, bond or VRF',
  txqlen: 'how many packets wait to be sent, before more are dropped',
  xdp: 'an XDP program sees every packet before the kernel does, and may drop or redirect it',
  remote: 'the other end of the tunnel',
};

/** Words of `ip link set` for facts whose name is another one. */
const words: Record<string, (value: string) => string> = {
  up: (value) => (value === 'yes' ? 'up' : 'down'),
  mac: (value) => `address ${value}`,
  mtu: (value) => `mtu ${value}`,
  noarp: (value) => `arp ${value === 'on' ? 'off' : 'on'}`,
  promisc: (value) => `promisc ${value}`,
  allmulticast: (value) => `allmulticast ${value}`,
  multicast: (value) => `multicast ${value}`,
  txqlen: (value) => `txqueuelen ${value}`,
  group: (value) => `group ${value}`,
  gso_max_size: (value) => `gso_max_size ${value}`,
  gso_max_segs: (value) => `gso_max_segs ${value}`,
  gro_max_size: (value) => `gro_max_size ${value}`,
  gso_ipv4_max_size: (value) => `gso_ipv4_max_size ${value}`,
  gro_ipv4_max_size: (value) => `gro_ipv4_max_size ${value}`,
  inet6_addr_gen_mode: (value) => `addrgenmode ${value}`,
  proto_down: (value) => `protodown ${value === 'true' ? 'on' : 'off'}`,
};

/** The words of ip that unset an attribute. */
const unset: Record<string, string> = { master: 'nomaster', xdp: 'xdp off', ifalias: "alias ''" };

export const link: Section = {
  name: 'link',
  meaning({ key, before, after }) {
    const { attribute } = linkOf(key);
    if (attribute === '')
      return after === undefined ? 'the device is gone, with its addresses and routes' : 'a new device';
    if (attribute === 'up' && before === 'no') return 'the device was down: it answers now where it did not';
    return own(meanings, attribute.replace(/^\w+\./, '')) ?? 'a setting of the device';
  },
  undo(difference, states) {
    const { role, attribute } = linkOf(difference.key);
    if (attribute === '') return undoDevice(difference, role, states);
    const set = sh`ip link set dev ${states.device(role)}`;
    const { before } = difference;
    if (before === undefined || attribute === 'xdp') {
      const off = own(unset, attribute);
      return off && `${set} ${off}`;
    }
    if (attribute === 'master') return `${set} ${sh`master ${states.device(before)}`}`;
    // All of it is one word.
    if (attribute === 'ifalias') return `${set} alias ${shellQuote(before)}`;
    const [kind, option] = attribute.split('.');
    if (kind && option) return undoTunnel(set, kind, option, before);
    const wordsFor = own(words, attribute);
    return wordsFor && `${set} ${sh`${wordsFor(before)}`}`;
  },
};

function undoDevice({ before, after }: StateDifference, role: string, states: States): string | undefined {
  const name = states.device(role);
  if (after !== undefined && before === undefined) return sh`ip link delete dev ${name}`;
  const netns = states.differences.find((one) => one.section === 'netns' && one.after?.split(' ').includes(name));
  const up = states.before.of('link', `${role} up`) === 'yes' ? sh` && ip link set dev ${name} up` : '';
  if (netns) return `ip netns exec ${shellQuote(netns.key)} ${sh`ip link set dev ${name} netns 1`}${up}`;
  if (!before || !simple.includes(before)) return undefined;
  const option = (word: string) => {
    const value = states.before.of('link', `${role} ${before}.${word}`);
    return value && value !== 'any' && value !== '0' ? ` ${word} ${value}` : '';
  };
  const options = ['remote', 'local', 'ttl'].map(option).join('');
  return `${sh`ip link add name ${name} type ${before}${options}`}${up}`;
}

/** Kinds of devices that can be made again from their recorded facts. */
const simple = ['dummy', 'bridge', 'ipip', 'gre', 'sit'];

function undoTunnel(set: string, kind: string, option: string, value: string): string | undefined {
  if (!['ipip', 'gre', 'sit', 'ip6tnl'].includes(kind) || !['remote', 'local', 'ttl', 'tos'].includes(option))
    return undefined;
  return `${set} ${sh`type ${kind} ${option} ${value}`}`;
}

/** A NIC's name. The kit finds NICs by their MAC, so another name harms only what was set up by the old one. */
export const nic: Section = {
  name: 'nic',
  meaning: ({ after }) =>
    after === undefined ? 'the NIC is gone' : 'rules and daemons that name the device do not find it any more',
  undo: ({ before, after }) =>
    before &&
    after &&
    sh`ip link set dev ${after} down && ip link set dev ${after} name ${before} && ip link set dev ${before} up`,
};

export const netns: Section = {
  name: 'netns',
  meaning: () => 'devices in another network namespace are not the node’s own any more',
  undo: ({ key, before }) => (before === undefined ? `ip netns delete ${shellQuote(key)}` : undefined),
};
