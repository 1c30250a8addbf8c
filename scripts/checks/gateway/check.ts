import { gatewaysOf, type PlannedGateway } from '../../plan/gateways.ts';
import type { Plan } from '../../plan/plan.ts';
import { eachRealServer } from '../check.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { type Hint, up } from '../hint.ts';
import type { Observations } from '../observations.ts';
import { gatewayLook } from './look.ts';

const judge: Judge = (plan, seen) => {
  const gateways = gatewaysOf(plan);
  const each = (words: string[], between: string) => [...new Set(words)].join(between);
  const roles = gateways.map(({ role }) => role);
  const addresses = gateways.map(({ address }) => address);
  return eachRealServer(
    gateways,
    {
      title: `the ${each(roles, ' or the ')} is the gateway of every real server`,
      expected: `default via ${each(addresses, ' or ')}`,
      hint: ([first]) => hintOf(plan, seen, first),
    },
    ({ node, address }) => {
      const gateway = seen.of(gatewayLook, node);
      return { ok: gateway === address, observed: gateway ? `default via ${gateway}` : 'no default route' };
    },
  );
};

function hintOf(plan: Plan, seen: Observations, { node, role, address }: PlannedGateway): Hint {
  const other = seen.of(gatewayLook, node) !== undefined;
  return {
    cause: other
      ? `the default route of ${node} does not lead to the ${role}`
      : `${node} has no default route to the ${role}`,
    commands: [up(plan), { on: node, run: `ip route replace default via ${address}` }],
    see: [],
  };
}

export const gateway: CheckKind = {
  id: 'gateway',
  about:
    'the default route of each real server by NAT leads to the director, and of each one behind a router to the router',
  faults: ['gateway-missing'],
  looks: [gatewayLook],
  judge,
};
