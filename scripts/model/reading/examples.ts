import {
  type Family,
  familyOf,
  hostAt,
  hostCount,
  isAddress,
  isHostOf,
  isNetwork,
  isNetworkAddress,
  networkAround,
  nextFree,
  overlap,
} from '../addresses.ts';
import { fewestInFront } from '../limits.ts';
import type { LabFile } from '../schema/lab-file.ts';
import { keyOf } from './misfit.ts';
import type { Path } from './source.ts';

/** Addresses to suggest, from the lab's networks. */
export interface Examples {
  front: string;
  vip: string;
  /** A network that overlaps none of the lab's. */
  another: string;
}

/**
 * @param value what was read of a lab file, in which anything may be wrong
 */
export function examplesFor(value: unknown): Examples {
  const file = (value ?? {}) as Partial<Record<string, unknown>>;
  const words = textsIn(value);
  const { front: given } = (file.networks ?? {}) as Partial<Record<string, unknown>>;
  const isGood = typeof given === 'string' && isNetwork(given) && isNetworkAddress(given);
  const front = isGood ? given : networkAround(words.find(isAddress) ?? '192.168.1.0');
  const networks = [front, ...words.filter(isNetwork)];
  return { front, vip: freeHost(front, value), another: anotherNetwork(networks, familyOf(front)) };
}

/** An address of a network that the file does not have yet, .3 where it can be; of a full network the first. */
function freeHost(cidr: string, file: unknown): string {
  const third = hostAt(cidr, 3n);
  const start = isHostOf(third, cidr) ? third : hostAt(cidr, 1n);
  const taken = new Set(textsIn(file).filter(isAddress));
  try {
    return nextFree(cidr, start, taken);
  } catch (error) {
    if (error instanceof RangeError) return start;
    throw error;
  }
}

/** Suggests an address of a network. Client, director and VIP need three addresses. For a smaller front network it suggests a larger one. */
export function hostExample(file: LabFile, cidr: string): string {
  if (cidr === file.networks.front && hostCount(cidr) < fewestInFront) return 'a larger network';
  return `something like ${freeHost(cidr, file)}`;
}

/** An example of a value at a place. */
export function exampleOf(path: Path, { front, vip, another }: Examples): string | undefined {
  const key = keyOf(path);
  if (path[0] === 'kernels' && path.length === 2) return `${key}: 6.12`;
  if (path[0] === 'modules')
    return path.length === 1 ? 'modules: { ip_vs: modules/ip_vs.ko }' : `${key}: modules/ip_vs.ko`;
  const inService = path.includes('service') || path.includes('services');
  const examples: Record<string, string> = {
    mode: 'mode: dr',
    networks: `networks: { front: ${front} }`,
    front: path.includes('networks') ? `front: ${front}` : `front: ${vip}`,
    back: `back: ${another}`,
    remote: `remote: ${another}`,
    service: `service: { vip: ${vip} }`,
    services: `services: [{ vip: ${vip} }]`,
    vip: `vip: ${vip}`,
    port: 'port: 80',
    director: `director: ${vip}`,
    client: `client: ${vip}`,
    backup: `backup: ${vip}`,
    address: `address: ${vip}`,
    real_servers: inService ? 'real_servers: [rs1, rs2]' : 'real_servers: 3, or a list: - { name: rs1, weight: 2 }',
    weight: 'weight: 1',
    persistence: 'persistence: 300, in seconds',
    memory: 'memory: 512, in MiB',
    interval: 'interval: 1, in seconds',
    timeout: 'timeout: 2, in seconds',
    health: 'health: { by: keepalived }',
    fwmark: 'fwmark: 1',
    scheduler: 'scheduler: rr',
    tcp: 'tcp: 900, in seconds',
    tcpfin: 'tcpfin: 120, in seconds',
    udp: 'udp: 300, in seconds',
    by: 'by: keepalived',
    kernel: 'kernel: 6.12',
    kernels: 'kernels: { director: 6.12 }',
    image: 'image: linux/arch/x86/boot/bzImage',
    modules: 'modules: linux/installed',
  };
  return Object.hasOwn(examples, key) ? examples[key] : undefined;
}

/** A network that overlaps none of these. */
function anotherNetwork(networks: readonly string[], family: Family): string {
  const candidates =
    family === 6 ? ['fd00:2::/64', 'fd00:3::/64', 'fd00:4::/64'] : ['172.16.0.0/16', '10.9.0.0/24', '192.168.9.0/24'];
  return candidates.find((one) => networks.every((other) => !overlap(one, other))) ?? candidates[0] ?? '';
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
