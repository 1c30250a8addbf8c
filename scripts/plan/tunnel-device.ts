import { familyOf } from '../model/addresses.ts';
import type { RealServer } from '../model/lab.ts';

/**
 * The device on which requests come out of the tunnel on a real server. The kernel module makes it by itself, and it accepts
 * packets from any sender. fou unwraps GUE packets from UDP; they are then IP in IP.
 */
export function tunnelDevice({ tunnel, address }: Pick<RealServer, 'tunnel' | 'address'>) {
  if (familyOf(address) === 6)
    return { device: 'ip6tnl0', module: 'ip6_tunnel', wrapped: 'IPv6 in IPv6 (next header 41)' };
  if (tunnel === 'gre') return { device: 'gre0', module: 'ip_gre', wrapped: 'GRE (protocol 47)' };
  const wrapped = tunnel === 'gue' ? 'GUE (UDP)' : 'IP in IP (protocol 4)';
  return { device: 'tunl0', module: 'ipip', wrapped };
}
