import type { Look } from './look.ts';

/** A network card; lo and tunnels are none. */
export interface NicSeen {
  name: string;
  mac: string;
  /** The largest packet that it sends, in bytes. */
  mtu: number;
}

export const nics: Look<NicSeen[]> = {
  name: 'nics',
  about: '/sys/class/net on every node: MAC and MTU of each NIC',
  on: () => ({}),
  templates: { after: 'checks/looks/nics' },
  parse: (printed) => parseNics(printed.in('after')),
};

/** Lines like `eth0 52:54:00:01:0d:01 1500` */
export function parseNics(text: string): NicSeen[] {
  return [...text.matchAll(/^(\S+) ([0-9a-f:]{17}) (\d+)$/gm)].map(([, name = '', mac = '', mtu]) => {
    return { name, mac, mtu: Number(mtu) };
  });
}
