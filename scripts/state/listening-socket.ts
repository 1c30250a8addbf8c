import { canonical } from '../model/addresses.ts';

/** A socket that waits for connections or datagrams. */
export interface ListeningSocket {
  protocol: string;
  /** `0.0.0.0` or `::` for every address. */
  address: string;
  port: number;
}

/** A socket of TCP or UDP with both its ends. */
export interface Socket {
  protocol: 'tcp' | 'udp';
  local: { address: string; port: number };
  remote: { address: string; port: number };
  /** The kernel's number in hex (include/net/tcp_states.h): `0A`. */
  state: string;
}

/**
 * A line of `/proc/net/tcp:   0: 0301A8C0:0050 00000000:0000 0A …`: file, number, local and remote
 * address, state. Undefined for any other line.
 */
export function socketIn(line: string): Socket | undefined {
  const end = '((?:[0-9A-F]{8}){1,4}):([0-9A-F]{4})';
  const pattern = new RegExp(`^/proc/net/(tcp|udp)6?: *\\d+: ${end} ${end} ([0-9A-F]{2}) `);
  const [, protocol, address = '', port = '', peer = '', peerPort = '', state = ''] = pattern.exec(line) ?? [];
  if (protocol !== 'tcp' && protocol !== 'udp') return undefined;
  const local = { address: addressOf(address), port: Number.parseInt(port, 16) };
  return { protocol, local, remote: { address: addressOf(peer), port: Number.parseInt(peerPort, 16) }, state };
}

/** 0A is TCP_LISTEN. 07 is TCP_CLOSE, the state of a datagram socket without a peer (net/ipv4/tcp_ipv4.c, udp.c). */
export function listeningSocket(line: string): ListeningSocket | undefined {
  const socket = socketIn(line);
  if (socket?.state !== (socket?.protocol === 'tcp' ? '0A' : '07')) return undefined;
  return { protocol: socket.protocol, ...socket.local };
}

/** The address in words of 32 bits. A little-endian machine prints the bytes of each in reverse: 0301A8C0 is 192.168.1.3. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (words.length === 1) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  return canonical(bytes.join('').replace(/(.{4})(?!$)/g, '$1:'));
}
