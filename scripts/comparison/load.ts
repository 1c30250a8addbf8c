import type { SimulatedConnection } from '../ipvs/oracle/simulate.ts';
import { generator } from '../random.ts';

export interface LoadOptions {
  connections: number;
  /** How many VIPs the service has, which clients use at random. */
  vips: number;
  /** Equal seeds give equal loads on every computer. */
  seed: number;
}

/** The first address of VIPs; the others follow. */
const firstVip = 0xc6120001; // 198.18.0.1, of the network for benchmarks (RFC 2544)

/** Each connection from a client of its own, with a random unicast address and port. All stay open. */
export function drawLoad({ connections, vips, seed }: LoadOptions): SimulatedConnection[] {
  const next = generator(seed);
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return Array.from({ length: connections }, () => ({
    client: addressText(between(0x01000000, 0xdfffffff)), // 1.0.0.0 to 223.255.255.255
    clientPort: between(1024, 65_535),
    vip: addressText(firstVip + between(0, vips - 1)),
    held: true,
  }));
}

/** 0xc0a80103 → 192.168.1.3 */
export function addressText(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}
