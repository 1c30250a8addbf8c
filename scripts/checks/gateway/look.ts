import { gatewaysOf } from '../../plan/gateways.ts';
import type { Look } from '../looks/look.ts';

/** Next hop of a real server's default route; undefined without such a route. */
export const gatewayLook: Look<string | undefined> = {
  name: 'gateway',
  about: 'ip route show default on each real server by NAT or behind a router',
  on: (plan, { name }) => (gatewaysOf(plan).some(({ node }) => node === name) ? {} : undefined),
  templates: { after: 'checks/gateway/show' },
  parse: (printed) => parseGateway(printed.in('after')),
};

/** `default via 172.16.10.1 dev eth0` */
export function parseGateway(text: string): string | undefined {
  return /default via (\S+)/.exec(text)?.[1];
}
