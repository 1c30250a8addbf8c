import { changed, type Sign } from './sign.ts';

/** An ARP sysctl has changed to 0 or 1, for all devices or for a NIC. The kernel uses the larger one of the two. */
export function arpSysctl(name: 'ignore' | 'announce'): Sign {
  return changed('sysctl', new RegExp(`^net\\.ipv4\\.conf\\.(all|front|back|remote)\\.arp_${name}$`), {
    after: /^[01]$/,
  });
}
