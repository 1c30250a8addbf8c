import type { Look } from '../looks/look.ts';

/** MACs of all that answer when the client asks who has a VIP, by VIP. */
export const owners: Look<Map<string, string[]>> = {
  name: 'owners',
  about: 'arping (IPv6: ndisc6) on the client, which hears every answer',
  on: (_plan, { role }) => (role === 'client' ? {} : undefined),
  needs: ['device', 'work'],
  templates: { beside: 'checks/arp-owner/ask' },
  parse: (printed) => parseOwners(printed.in('beside')),
};

/**
 * A line `@@vip VIP`, then what one of these prints:
 * - arping: `Unicast reply from 192.168.1.3 [52:54:00:01:0D:01]  0.9ms`
 * - ndisc6: `Target link-layer address: 52:54:00:01:0D:01`
 */
export function parseOwners(text: string): Map<string, string[]> {
  return new Map(
    text
      .split(/^@@vip /m)
      .slice(1)
      .map((part): [string, string[]] => {
        const [vip = ''] = part.split('\n', 1);
        const macs = part.matchAll(/(?:\[|link-layer address: )([0-9A-F]{2}(?::[0-9A-F]{2}){5})/gi);
        return [vip, [...new Set([...macs].map(([, mac = '']) => mac.toLowerCase()))]];
      }),
  );
}
