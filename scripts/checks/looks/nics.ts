import type { Look } from './look.ts';

/** A device with a MAC: a network card, or one of software such as a bridge, a macvlan or a dummy. lo and tunnels have none. */
export interface NicSeen {
  name: string;
  mac: string;
  /** The largest packet that it sends, in bytes. */
  mtu: number;
  isCard: boolean;
}

export const nics: Look<NicSeen[]> = {
  name: 'nics',
  about: '/sys/class/net on every node: MAC and MTU of each NIC, and of each device of software that has a MAC',
  on: () => ({}),
  templates: { after: 'checks/looks/nics' },
  parse: (printed) => parseNics(printed.in('after')),
};

/** Lines like `eth0 52:54:00:01:0d:01 1500 card`, `br0 52:54:00:01:0d:09 1500 software` */
export function parseNics(text: string): NicSeen[] {
  return [...text.matchAll(/^(\S+) ([0-9a-f:]{17}) (\d+) (card|software)$/gm)].map(
    ([, name = '', mac = '', mtu, kind]) => ({ name, mac, mtu: Number(mtu), isCard: kind === 'card' }),
  );
}
