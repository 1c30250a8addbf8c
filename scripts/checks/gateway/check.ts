import { serversBy } from '../../plan/plan.ts';
import { eachRealServer, named } from '../check.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { up } from '../hint.ts';
import { gatewayLook } from './look.ts';

const judge: Judge = (plan, seen) => {
  const addressIn = (role: string, network: string) =>
    plan.nodes.find((node) => node.role === role)?.nics.find((nic) => nic.network === network)?.address;
  const inside = addressIn('director', 'back');
  const router = addressIn('router', 'remote');
  const remote = router ? serversBy(plan, 'tun') : [];
  const gatewayOf = (node: string) => (remote.some((one) => one.node === node) ? router : inside);
  const nat = serversBy(plan, 'nat');
  const gateways = [...(nat.length > 0 ? [inside] : []), ...(remote.length > 0 ? [router] : [])];
  const words = [...(nat.length > 0 ? ['director'] : []), ...(remote.length > 0 ? ['router'] : [])];
  return eachRealServer(
    [...nat, ...remote],
    {
      title: `the ${words.join(' or the ')} is the gateway of every real server`,
      expected: `default via ${gateways.join(' or ')}`,
      hint: (nodes) => ({
        cause: `answers never reach the ${gatewayOf(nodes[0] ?? '') === router ? 'router' : 'director'} from ${named(nodes)}`,
        commands: [
          up(plan),
          ...nodes.slice(0, 1).map((on) => ({ on, run: `ip route replace default via ${gatewayOf(on)}` })),
        ],
        see: [],
      }),
    },
    (node) => {
      const gateway = seen.of(gatewayLook, node);
      return { ok: gateway === gatewayOf(node), observed: gateway ? `default via ${gateway}` : 'no default route' };
    },
  );
};

export const gateway: CheckKind = {
  id: 'gateway',
  about: 'NAT: the default route of each real server leads to the director; behind a router, to the router',
  faults: ['gateway-missing'],
  looks: [gatewayLook],
  judge,
};
