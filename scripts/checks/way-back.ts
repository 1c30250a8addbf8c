import { gatewaysOf } from '../plan/gateways.ts';
import { type Plan, serversBy, theNode } from '../plan/plan.ts';
import { eachRealServer } from './check.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import { effectLooks, serves } from './effect.ts';
import { wayInWords } from './gateway/check.ts';
import type { Hint } from './hint.ts';
import { addresses, holderOf } from './looks/addresses.ts';
import { type Way, waysBack } from './looks/way-back.ts';
import type { Observations } from './observations.ts';

const judge: Judge = (plan, seen) => {
  const behind = gatewaysOf(plan).map(({ node }) => node);
  const servers = serversBy(plan, 'dr', 'tun').filter(({ node }) => !behind.includes(node));
  const client = clientOf(plan);
  return eachRealServer(
    servers,
    {
      title: 'real servers have a direct route to the client',
      expected: `directly to ${client}`,
      hint: ([{ node }]) => hintOf(plan, seen, node),
      works: ({ node }) => serves(plan, seen, node),
    },
    ({ node, address }) => {
      const interfaces = seen.of(addresses, node);
      const nic = holderOf(interfaces, address)?.name;
      const wrong = seen.of(waysBack, node).filter((way) => !isDirect(way, nic));
      return { ok: wrong.length === 0, observed: wrong.map(wayInWords).join(', ') };
    },
  );
};

/** Where the NIC has lost its address any device is right, and a missing VIP is no wrong source: other checks name both. */
function isDirect({ from, via, device, local, error }: Way, nic: string | undefined): boolean {
  if (error !== undefined) return from !== undefined;
  return !local && via === undefined && (nic === undefined || device === nic);
}

function clientOf(plan: Plan): string {
  return theNode(plan, 'client').nics[0]?.address ?? '';
}

/** The error of `ip route get` for each type of route that refuses packets (fib_props in net/ipv4/fib_semantics.c). */
const refusing: Record<string, string> = {
  'Invalid argument': 'blackhole',
  'No route to host': 'unreachable',
  'Permission denied': 'prohibit',
};

function hintOf(plan: Plan, seen: Observations, node: string): Hint {
  const client = clientOf(plan);
  const [first] = seen.of(waysBack, node);
  const kind = refusing[first?.error ?? ''];
  const cause = kind
    ? `a route of type ${kind} on ${node} refuses every answer to the client`
    : `${node} does not send answers directly to ${client}`;
  return { cause, commands: [{ on: node, run: `ip route show match ${client}` }], see: [] };
}

export const wayBack: CheckKind = {
  id: 'way-back',
  about: 'DR and TUN in the client’s network: each real server sends its answers directly to the client',
  faults: [],
  looks: [addresses, waysBack, ...effectLooks],
  judge,
};
