import { UsageError } from '../errors.ts';
import type { IpvsConnection } from './parse.ts';

/** Servers listen on lower ports; the kernel chooses source ports from higher ones (ip_local_port_range). */
const [lowest, highest] = [10_000, 32_767];

/**
 * The first of `count` consecutive ports that IPVS has no connection for, searched from `start` on. IPVS remembers a closed
 * connection for two minutes, and sends a client that comes from the same port again to the same real server.
 * @throws UsageError when there are no such ports
 */
export function freshPorts(connections: readonly IpvsConnection[], count: number, start: number): number {
  const known = new Set(connections.map(({ clientPort }) => clientPort));
  const room = highest - lowest + 1 - count;
  for (let tried = 0; tried <= room; tried++) {
    const first = lowest + ((start + tried) % (room + 1));
    const taken = Array.from({ length: count }, (_, index) => first + index).findLastIndex((port) => known.has(port));
    if (taken < 0) return first;
    tried += taken;
  }
  throw new UsageError(`IPVS remembers too many connections: there is no row of ${count} unused source ports`, {
    tryThis: 'fewer --requests, or again in two minutes',
  });
}
