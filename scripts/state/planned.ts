import { tableOf } from '../ipvs/rules.ts';
import { familyOf } from '../model/addresses.ts';
import type { Plan, PlannedNode } from '../plan/plan.ts';
import { vipDeviceOf, vipsOn } from '../plan/vip-device.ts';
import { tableFacts } from './sources/ipvs.ts';
import type { StateEntry } from './state.ts';
import { readIn } from './unread.ts';

/**
 * What the plan says of a node's state: its NICs with their addresses, its VIPs where only this node has them, and the table of a
 * director whose servers no health check changes. It says nothing of anything else.
 */
export function plannedState(plan: Plan, node: PlannedNode): StateEntry[] {
  const nics = node.nics.flatMap(({ network, mac, address, prefix }) => [
    { section: 'link', key: `${network} up`, value: 'yes' },
    { section: 'link', key: `${network} mac`, value: mac },
    { section: 'address', key: `${network} ${address}/${prefix}`, value: 'scope global' },
  ]);
  const server = plan.realServers.find((one) => one.node === node.name && !one.local && one.mode !== 'nat');
  const vips = server ? vipsOn(plan, node.name).map((vip) => vipFact(vip, vipDeviceOf(server))) : [];
  const table = node.role === 'director' && !plan.health ? tableFacts(plan.services.map(tableOf), plan) : [];
  return [...nics, ...vips, ...table];
}

function vipFact(vip: string, device: string): StateEntry {
  return { section: 'address', key: `${device} ${vip}/${familyOf(vip) === 6 ? 128 : 32}`, value: 'scope global' };
}

/**
 * The state that a node should have by its plan: the one that it has, with what the plan says of it. Compared with the state that
 * it has, only that differs.
 */
export function asPlanned(planned: readonly StateEntry[], after: readonly StateEntry[]): StateEntry[] {
  const idOf = ({ section, key }: StateEntry) => `${section}\n${key}`;
  const own = new Map(readIn(after).map((one) => [idOf(one), one]));
  for (const fact of planned) {
    // The plan says that an address is there, and nothing of its broadcast address and the like.
    if (fact.section !== 'address' || !own.has(idOf(fact))) own.set(idOf(fact), fact);
  }
  return [...own.values()];
}
