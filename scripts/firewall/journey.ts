import type { Family } from '../model/addresses.ts';
import type { NetworkName } from '../model/words.ts';
import { type Nic, nodesOf, type Plan, type PlannedNode } from '../plan/plan.ts';
import type { Hook, Packet } from './packet.ts';

/** Names of devices on a node, by the networks that they are in. */
export type DeviceNames = (node: string, network: NetworkName) => string | undefined;

/** What is the same of a packet on all its way. */
export type Ends = Omit<Packet, 'node' | 'hooks' | 'family' | 'in' | 'out'>;

export interface Net {
  plan: Plan;
  names: DeviceNames;
}

export const going: readonly Hook[] = ['output', 'postrouting', 'egress'];
export const coming: readonly Hook[] = ['ingress', 'prerouting', 'input'];
export const through: readonly Hook[] = ['ingress', 'prerouting', 'forward', 'postrouting', 'egress'];

/** A packet on its way from one machine to another: how it is seen there, and by the router if one is between them. */
export function journey(
  { plan, names }: Net,
  [from, to]: readonly [PlannedNode, PlannedNode],
  ends: Ends,
  { sent = going, got = coming }: { sent?: readonly Hook[]; got?: readonly Hook[] } = {},
): Packet[] {
  const line = lineBetween(from, to);
  if (!line) return [];
  const family: Family = plan.family;
  const device = (way: 'in' | 'out', { name }: PlannedNode, { network }: Nic) => {
    const found = names(name, network);
    return found === undefined ? {} : { [way]: found };
  };
  const routers = line.first.network === line.last.network ? [] : nodesOf(plan, 'router');
  return [
    { ...ends, family, node: from.name, hooks: sent, ...device('out', from, line.first) },
    ...routers.map(({ name }): Packet => ({ ...ends, family, node: name, hooks: through })),
    { ...ends, family, node: to.name, hooks: got, ...device('in', to, line.last) },
  ];
}

/** The NICs by which two machines reach each other: in one network, or else with a router between them. */
export function lineBetween(from: PlannedNode, to: PlannedNode): { first: Nic; last: Nic } | undefined {
  for (const first of from.nics) {
    const last = to.nics.find(({ network }) => network === first.network);
    if (last) return { first, last };
  }
  const [first] = from.nics;
  const [last] = to.nics;
  return first && last && { first, last };
}
