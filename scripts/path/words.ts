import { joinAddress } from '../model/addresses.ts';
import type { Endpoint, Wire, Wrapping } from './wire.ts';

/** 192.168.1.3:80; the address alone where no port is known. */
export function endpointText({ address, port }: Endpoint): string {
  return port === undefined ? address : joinAddress(address, port);
}

/** `192.168.1.100:20001 → 192.168.1.3:80` */
export function addressesText({ source, target }: Pick<Wire, 'source' | 'target'>): string {
  return `${endpointText(source)} → ${endpointText(target)}`;
}

/** `IP in IP 192.168.1.2 → 192.168.1.4` */
export function wrappingText(wrapping: Wrapping): string {
  const { source, target, port } = wrapping;
  return `${tunnelName(wrapping)} ${source} → ${port === undefined ? target : joinAddress(target, port)}`;
}

/** What the tunnel is called: `IP in IP`, `IPv6 in IPv6`, `GRE`, `GUE`. */
export function tunnelName({ by, family, inner }: Pick<Wrapping, 'by' | 'family' | 'inner'>): string {
  const names = { 4: 'IP', 6: 'IPv6' };
  return by === 'ipip' ? `${names[inner]} in ${names[family]}` : by.toUpperCase();
}

/** `TTL 63`, `hop limit 63` */
export function ttlText({ source, ttl }: Pick<Wire, 'source' | 'ttl'>): string {
  return `${source.address.includes(':') ? 'hop limit' : 'TTL'}\u00a0${ttl}`;
}

/** `director → rs1 on front` */
export function hopText({ network, from, to }: Pick<Wire, 'network' | 'from' | 'to'>): string {
  return `${from} → ${to} on ${network}`;
}

/** One thing, or the first of several: `SYN`, `SYN and 5 more packets`. */
export function andMore(labels: readonly string[]): string {
  const [first = '', ...rest] = labels;
  if (rest.length === 0) return first;
  return `${first} and ${rest.length} more packet${rest.length === 1 ? '' : 's'}`;
}
