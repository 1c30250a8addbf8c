import { gatewaysOf } from '../plan/gateways.ts';
import type { Fault } from './fault.ts';
import { freeAddress } from './free-address.ts';
import { noWayBack } from './gateway-missing.ts';
import { firstNic } from './servers.ts';
import { sh } from './sh.ts';
import { changed } from './sign.ts';
import { fails, failsUntilNoticed } from './symptom.ts';

export const gatewayWrong: Fault = {
  id: 'gateway-wrong',
  family: 'route',
  title: 'the default gateway of a real server is a wrong machine',
  cause: 'Answers go to an address that does not forward them, so the client never gets them.',
  sign: changed('route', /^(default|::\/0)( |$)/, { before: /./, after: /^via / }),
  places: (plan) =>
    gatewaysOf(plan).map(({ node, role }) => ({
      name: node,
      nodes: [node],
      make: [{ on: node, run: sh`ip route replace default via ${freeAddress(plan, firstNic(plan, node).network)}` }],
      witness: noWayBack(plan, node, role),
      symptom: role === 'router' ? failsUntilNoticed(plan, [node]) : fails(plan, [node]),
    })),
};
