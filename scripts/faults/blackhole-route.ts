import { hostCidr } from '../model/addresses.ts';
import type { Fault } from './fault.ts';
import { clientAddress, forwardedServers, nearServers } from './servers.ts';
import { sh } from './sh.ts';
import { changed, exactly } from './sign.ts';
import { fails } from './symptom.ts';
import { endsHere, hasOwnRules, wayTo } from './way-to.ts';

export const blackholeRoute: Fault = {
  id: 'blackhole-route',
  family: 'route',
  title: 'a real server has a blackhole route to the client',
  cause:
    'Requests arrive, but the kernel has no route for the answers and drops them. The director can still reach the real server.',
  sign: (change) => {
    const { plan, node, after } = change;
    const end = (address: string) => {
      const way = wayTo(after, address);
      return way && endsHere.test(way.value) ? way : undefined;
    };
    const way = end(clientAddress(plan));
    const asks = nearServers(plan).find(({ server }) => server.node === node)?.near.address;
    if (!way || hasOwnRules(after) || (asks !== undefined && end(asks))) return [];
    return changed('route', exactly(way.key), {})(change);
  },
  places: (plan) => {
    // It would replace the route that the lab has to the client.
    if (plan.oneArm === 'routes') return [];
    const route = hostCidr(clientAddress(plan));
    return forwardedServers(plan).map(({ node }) => ({
      name: node,
      nodes: [node],
      make: [{ on: node, run: sh`ip route replace blackhole ${route}` }],
      mend: [{ on: node, run: sh`{ ip route del blackhole ${route} 2> /dev/null || :; }` }],
      // The kernel also refuses to send something itself.
      witness: { on: node, run: sh`! ping -q -c 1 -W 1 ${clientAddress(plan)} 2>&1 | grep -q transmitted` },
      symptom: fails(plan, [node]),
    }));
  },
};
