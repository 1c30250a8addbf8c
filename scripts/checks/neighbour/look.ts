import type { Look } from '../looks/look.ts';

/** The MAC in the client's neighbour entry of each VIP, after the requests; undefined without an entry. */
export const neighbours: Look<Map<string, string | undefined>> = {
  name: 'neighbours',
  about: 'ip neighbour show on the client, after the requests; its entries of the VIPs are removed before them',
  on: (_plan, { role }) => (role === 'client' ? {} : undefined),
  needs: ['device'],
  templates: { before: 'checks/neighbour/flush', after: 'checks/neighbour/show' },
  parse: (printed) => parseNeighbours(printed.in('after')),
};

/** A line with a VIP, then what `ip neighbour show to VIP dev eth0` prints: `192.168.1.3 lladdr 52:54:00:01:0d:01 REACHABLE` */
export function parseNeighbours(text: string): Map<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  let vip = '';
  for (const line of text.split('\n')) {
    if (/^[0-9a-f.:]+$/.test(line)) {
      vip = line;
      found.set(vip, undefined);
    }
    const mac = /lladdr ([0-9a-f:]{17})/.exec(line)?.[1];
    if (mac) found.set(vip, mac);
  }
  return found;
}
