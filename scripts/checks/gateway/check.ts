import { gatewaysOf, type PlannedGateway } from '../../plan/gateways.ts';
import { type Plan, theNode } from '../../plan/plan.ts';
import { eachRealServer } from '../check.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { effectLooks, serves } from '../effect.ts';
import { type Hint, up } from '../hint.ts';
import { type Way, waysBack } from '../looks/way-back.ts';
import type { Observations } from '../observations.ts';

const judge: Judge = (plan, seen) => {
  const gateways = gatewaysOf(plan);
  const each = (words: string[], between: string) => [...new Set(words)].join(between);
  const roles = gateways.map(({ role }) => role);
  const addresses = gateways.map(({ address }) => address);
  return eachRealServer(
    gateways,
    {
      title: plan.oneArm
        ? 'every real server has a route to the client through the director'
        : `the ${each(roles, ' or the ')} is the gateway of every real server`,
      expected: `to ${clientOf(plan)} via ${each(addresses, ' or ')}`,
      hint: ([first]) => hintOf(plan, seen, first),
      works: ({ node }) => serves(plan, seen, node),
    },
    ({ node, address }) => {
      const ways = seen.of(waysBack, node);
      return { ok: ways.every(({ via }) => via === address), observed: ways.map(wayInWords).join(', ') };
    },
  );
};

function clientOf(plan: Plan): string {
  return theNode(plan, 'client').nics[0]?.address ?? '';
}

/** "directly by eth0", "via 172.16.0.1", "no route: Network is unreachable", each with its source where it has one. */
export function wayInWords({ from, via, device, local, error }: Way): string {
  const source = from ? `from ${from} ` : '';
  if (error !== undefined) return `${source}no route: ${error}`;
  if (local) return `${source}to itself (${device})`;
  return via ? `${source}via ${via}` : `${source}directly by ${device}`;
}

function hintOf(plan: Plan, seen: Observations, { node, to, role, address }: PlannedGateway): Hint {
  const other = seen.of(waysBack, node).some(({ error }) => error === undefined);
  return {
    cause: other
      ? `the route of ${node} to the client does not lead to the ${role}`
      : `${node} has no route to the client`,
    commands: [up(plan), { on: node, run: `ip route replace ${to} via ${address}` }],
    see: [],
  };
}

export const gateway: CheckKind = {
  id: 'gateway',
  about:
    'the answers of each real server by NAT go to the client by the director, and those of each one behind a router by the router',
  faults: ['gateway-missing'],
  looks: [waysBack, ...effectLooks],
  judge,
};
