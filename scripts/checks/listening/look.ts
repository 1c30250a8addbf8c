import { familyOf } from '../../model/addresses.ts';
import type { Look } from '../looks/look.ts';

/** A socket that waits for connections or datagrams. */
export interface Listener {
  protocol: string;
  /** As ss prints it: an address; `0.0.0.0` or `[::]` for all of a family, `*` for all of both. */
  address: string;
  port: number;
}

/** What real servers listen on. */
export const listeners: Look<Listener[]> = {
  name: 'listeners',
  about: 'ss -lntu on each real server',
  on: (plan, { name }) => (plan.realServers.some(({ node }) => node === name) ? {} : undefined),
  templates: { after: 'checks/listening/list' },
  parse: (printed) => printed.in('after').split('\n').flatMap(parseListener),
};

/** `tcp LISTEN 0 511 *:80 *:*`, `udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:*`, `tcp LISTEN 0 128 [::]:22 [::]:*`. */
function parseListener(line: string): Listener[] {
  const [protocol = '', , , , place = ''] = line.trim().split(/\s+/);
  const [, address = '', port = ''] = /^(.+?)(?:%[^:\]]+)?:(\d+)$/.exec(place) ?? [];
  return address ? [{ protocol, address, port: Number(port) }] : [];
}

/** Whether a socket takes what is sent to an address. */
export function takes(listener: Listener, address: string): boolean {
  // A socket of IPv6 may take IPv4, whose addresses it has in IPv6's form.
  const fitting = familyOf(address) === 6 ? ['[::]', `[${address}]`] : ['0.0.0.0', address, `[::ffff:${address}]`];
  return ['*', ...fitting].includes(listener.address);
}
