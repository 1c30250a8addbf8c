import { changed, type Sign } from './sign.ts';

/** A sysctl of ARP is lower than it was, for all devices or for a NIC. The kernel takes the larger of the two. */
export function arpSysctl(name: 'ignore' | 'announce'): Sign {
  return changed('sysctl', new RegExp(`^net\\.ipv4\\.conf\\.(all|front|back|remote)\\.arp_${name}$`), {
    after: /^[01]$/,
  });
}
