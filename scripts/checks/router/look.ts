import type { Look } from '../looks/look.ts';
import { parsePairs } from '../looks/sysctls.ts';

/** The router's sysctls: `forwarding` → 1; `all.rp_filter`, `eth0.rp_filter` → 0, of IPv4. */
export const routerSysctls: Look<Map<string, number>> = {
  name: 'router',
  about: 'forwarding, and for IPv4 rp_filter of each NIC, on the router',
  on: (_plan, { role, nics }) => (role === 'router' ? { nics } : undefined),
  needs: ['nic'],
  templates: { after: 'checks/router/sysctls' },
  parse: (printed) => parsePairs(printed.in('after')),
};
