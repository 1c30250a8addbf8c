import { gatewaysOf } from '../plan/gateways.ts';
import type { Fault } from './fault.ts';
import { freeAddress } from './free-address.ts';
import { defaultGatewaysOf, noWayBack } from './gateway-missing.ts';
import { clientAddress, firstNic } from './servers.ts';
import { sh } from './sh.ts';
import { changed, exactly, type Sign } from './sign.ts';
import { fails, failsUntilNoticed } from './symptom.ts';
import { hasOwnRules, wayTo } from './way-to.ts';

/** Answers take a default route through another machine than the planned one. */
const throughAnother: Sign = (change) => {
  const { plan, node, after } = change;
  const way = wayTo(after, clientAddress(plan));
  const [, via] = /^via (?:inet6? )?(\S+)/.exec(way?.value ?? '') ?? [];
  const planned = gatewaysOf(plan).find((one) => one.node === node);
  if (!way || via === undefined || !planned || via === planned.address || hasOwnRules(after)) return [];
  return changed('route', exactly(way.key), {})(change);
};

export const gatewayWrong: Fault = {
  id: 'gateway-wrong',
  family: 'route',
  title: 'the default gateway of a real server is a wrong machine',
  cause: 'Answers do not go through the machine that must forward them, so the client does not get them.',
  sign: throughAnother,
  places: (plan) =>
    defaultGatewaysOf(plan).map(({ node, role }) => ({
      name: node,
      nodes: [node],
      make: [{ on: node, run: sh`ip route replace default via ${freeAddress(plan, firstNic(plan, node).network)}` }],
      witness: noWayBack(plan, node, role),
      symptom: role === 'router' ? failsUntilNoticed(plan, [node]) : fails(plan, [node]),
    })),
};
