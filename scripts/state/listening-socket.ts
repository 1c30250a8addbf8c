import { canonical } from '../model/addresses.ts';

/** A socket that waits for connections or datagrams. */
export interface ListeningSocket {
  protocol: string;
  /** `0.0.0.0` or `::` for every address. */
  address: string;
  port: number;
}

/**
 * A line of `grep '' /proc/net/tcp …`: `/proc/net/tcp:   0: 0301A8C0:0050 00000000:0000 0A …`: file, number, local and remote
 * address, state. 0A is TCP_LISTEN. 07 is TCP_CLOSE, the state of a datagram socket without a peer (net/ipv4/tcp_ipv4.c, udp.c;
 * include/net/tcp_states.h). Undefined for any other line.
 */
export function listeningSocket(line: string): ListeningSocket | undefined {
  const pattern =
    /^\/proc\/net\/(tcp|udp)6?: *\d+: ((?:[0-9A-F]{8}){1,4}):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} (0A|07) /;
  const [, protocol, address = '', port = '', state] = pattern.exec(line) ?? [];
  if (protocol !== 'tcp' && protocol !== 'udp') return undefined;
  if (state !== (protocol === 'tcp' ? '0A' : '07')) return undefined;
  return { protocol, address: addressOf(address), port: Number.parseInt(port, 16) };
}

/** The address in words of 32 bits. A little-endian machine prints the bytes of each in reverse: 0301A8C0 is 192.168.1.3. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (words.length === 1) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  return canonical(bytes.join('').replace(/(.{4})(?!$)/g, '$1:'));
}
