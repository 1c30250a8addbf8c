import { canonical, familyOf } from '../../model/addresses.ts';
import type { Look } from '../looks/look.ts';

/** A socket that waits for connections or datagrams. */
export interface Listener {
  protocol: string;
  /** `0.0.0.0` or `::` for every address. */
  address: string;
  port: number;
}

/** The sockets on which real servers listen. ss would show the same, but it loads three kernel modules first. */
export const listeners: Look<Listener[]> = {
  name: 'listeners',
  about: '/proc/net/tcp, tcp6, udp and udp6 on each real server',
  on: (plan, { name }) => (plan.realServers.some(({ node }) => node === name) ? {} : undefined),
  templates: { after: 'checks/listening/list' },
  parse: (printed) => printed.in('after').split('\n').flatMap(parseListener),
};

/**
 * `/proc/net/tcp:   0: 0301A8C0:0050 00000000:0000 0A …`: file, number, local and remote address, state. 0A is TCP_LISTEN. 07 is
 * TCP_CLOSE, the state of a datagram socket without a peer (net/ipv4/tcp_ipv4.c, udp.c; include/net/tcp_states.h).
 */
function parseListener(line: string): Listener[] {
  const pattern =
    /^\/proc\/net\/(tcp|udp)6?: *\d+: ((?:[0-9A-F]{8}){1,4}):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} (0A|07) /;
  const [, protocol = '', address = '', port = '', state] = pattern.exec(line) ?? [];
  if (state !== (protocol === 'tcp' ? '0A' : '07')) return [];
  return [{ protocol, address: addressOf(address), port: Number.parseInt(port, 16) }];
}

/** The address in words of 32 bits. A little-endian machine prints the bytes of each in reverse: 0301A8C0 is 192.168.1.3. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (words.length === 1) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  return canonical(bytes.join('').replace(/(.{4})(?!$)/g, '$1:'));
}

/** Whether a socket takes what is sent to an address. An IPv6 socket may take IPv4 as well; /proc does not show it. */
export function takes(listener: Listener, address: string): boolean {
  const fitting = familyOf(address) === 6 ? [address] : ['0.0.0.0', address, canonical(`::ffff:${address}`)];
  return ['::', ...fitting].includes(listener.address);
}
