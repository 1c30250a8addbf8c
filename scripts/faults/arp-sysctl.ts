import { nicsOf, takesEffect } from './effective.ts';
import type { Sign } from './sign.ts';

/**
 * ARP is not kept quiet any more on a NIC of a node: it answers for every address that it has (arp_ignore 0), or asks with any of them
 * as sender (arp_announce below 2).
 */
export function arpSysctl(name: 'ignore' | 'announce'): Sign {
  const quiet = (value: number) => (name === 'ignore' ? value > 0 : value === 2);
  return takesEffect(
    `arp_${name}`,
    ({ plan, node }) => nicsOf(plan, node),
    (before, after) => quiet(before) && !quiet(after),
  );
}
