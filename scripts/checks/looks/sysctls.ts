import { serversBy } from '../../plan/plan.ts';
import { tunnelDevice } from '../../plan/tunnel-device.ts';
import type { Look } from './look.ts';

/** Sysctls of real servers by DR and TUN, for IPv4: `all.arp_ignore` → 1. The lab NIC is `nic`. */
export const sysctls: Look<Map<string, number>> = {
  name: 'sysctls',
  about: 'arp_ignore, arp_announce and rp_filter on each real server by DR or TUN',
  on(plan, { name }) {
    const server = serversBy(plan, 'dr', 'tun').find(({ node }) => node === name);
    return server && { tunnel: server.mode === 'tun' ? tunnelDevice(server).device : '' };
  },
  needs: ['device'],
  templates: { after: 'checks/looks/sysctls' },
  parse: (printed) => parsePairs(printed.in('after')),
};

/** Lines of a key and a number. */
export function parsePairs(text: string): Map<string, number> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [key, value] = line.split(' ');
      return key && value ? [[key, Number(value)] as const] : [];
    }),
  );
}

/** The sysctls that make the reverse path filter of an interface strict: its own, that of "all", or both. */
export function strictFilters(values: ReadonlyMap<string, number>, interfaceName: string): string[] {
  if (effective(values, interfaceName, 'rp_filter') !== 1) return [];
  return ['all', interfaceName].filter((name) => values.get(`${name}.rp_filter`) === 1);
}

/** The value that the kernel uses: the larger of "all" and the interface (IN_DEV_MAXCONF, include/linux/inetdevice.h). */
export function effective(values: ReadonlyMap<string, number>, interfaceName: string, key: string): number | undefined {
  const one = values.get(`${interfaceName}.${key}`);
  const all = values.get(`all.${key}`);
  return one === undefined || all === undefined ? undefined : Math.max(one, all);
}
