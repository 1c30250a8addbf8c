import { socketIn } from '../../state/listening-socket.ts';
import { listeners } from '../listening/look.ts';
import type { Look } from './look.ts';

/** A connection as a real server has it. */
export interface Peer {
  /** Whom the real server takes for the client. */
  address: string;
  port: number;
  localPort: number;
}

/** The connections that real servers still know after the requests. */
export const peers: Look<Peer[]> = {
  name: 'peers',
  about: '/proc/net/tcp and tcp6 on each real server: with whom it was connected',
  on: (plan, { name }) => (plan.realServers.some(({ node }) => node === name) ? {} : undefined),
  templates: {},
  reads: listeners,
  parse: (printed) => parsePeers(printed.in('after')),
};

export function parsePeers(text: string): Peer[] {
  return text.split('\n').flatMap((line) => {
    const socket = socketIn(line);
    if (socket?.protocol !== 'tcp' || socket.state === '0A') return [];
    const { local, remote } = socket;
    return [{ address: plain(remote.address), port: remote.port, localPort: local.port }];
  });
}

/** ::ffff:c0a8:164 is 192.168.1.100 on a socket of IPv6. */
function plain(address: string): string {
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(address) ?? [];
  if (!high || !low) return address;
  return [high, low].flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 255]).join('.');
}
