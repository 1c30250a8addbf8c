import { nodesOf, type Plan, theNode, vipsOf } from '../../plan/plan.ts';
import { addresses } from '../looks/addresses.ts';
import type { Look } from '../looks/look.ts';

/** The MAC in the client's neighbour entry of each VIP, after the requests; undefined without an entry. */
export const neighbours: Look<Map<string, string | undefined>> = {
  name: 'neighbours',
  about:
    'ip neighbour show on the client, after the requests; before them it forgets its neighbours, and asks for the others again',
  on: (plan, { role }) => (role === 'client' ? { others: othersOf(plan) } : undefined),
  needs: ['device'],
  templates: { before: 'checks/neighbour/ask' },
  reads: addresses,
  parse: (printed, plan) => parseNeighbours(printed.in('after'), vipsOf(plan)),
};

/** Addresses of the nodes in the client's network, without its own. */
function othersOf(plan: Plan): string[] {
  const network = theNode(plan, 'client').nics[0]?.network;
  const others = ['director', 'router', 'real-server'] as const;
  return others
    .flatMap((role) => nodesOf(plan, role))
    .flatMap(({ nics }) => nics.filter((nic) => nic.network === network).map(({ address }) => address));
}

/** A line for each neighbour: `192.168.1.3 dev eth0 lladdr 52:54:00:01:0d:01 REACHABLE` */
export function parseNeighbours(text: string, vips: readonly string[]): Map<string, string | undefined> {
  const lines = text.split('\n');
  return new Map(
    vips.map((vip) => {
      const line = lines.find((one) => one.startsWith(`${vip} dev `) && one.includes(' lladdr '));
      return [vip, /lladdr ([0-9a-f:]{17})/.exec(line ?? '')?.[1]] as const;
    }),
  );
}
