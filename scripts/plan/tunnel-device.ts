import { familyOf } from '../model/addresses.ts';
import type { RealServer } from '../model/lab.ts';

/**
 * Where requests come out of the tunnel on a real server: the device that the kernel module makes by itself, which takes
 * packets from any sender. GUE's are taken out of UDP by fou, and then are IP in IP as any other.
 */
export function tunnelDevice({ tunnel, address }: Pick<RealServer, 'tunnel' | 'address'>) {
  if (familyOf(address) === 6)
    return { device: 'ip6tnl0', module: 'ip6_tunnel', wrapped: 'IPv6 in IPv6 (next header 41)' };
  if (tunnel === 'gre') return { device: 'gre0', module: 'ip_gre', wrapped: 'GRE (protocol 47)' };
  const wrapped = tunnel === 'gue' ? 'GUE (UDP)' : 'IP in IP (protocol 4)';
  return { device: 'tunl0', module: 'ipip', wrapped };
}
