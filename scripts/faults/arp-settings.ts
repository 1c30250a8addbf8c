import type { Plan, PlannedRealServer } from '../plan/plan.ts';
import type { NodeCommand } from './fault.ts';
import { allAndEach, serversOn, servicesOf } from './servers.ts';
import { findNic } from './sh.ts';
import type { Symptom } from './symptom.ts';

/**
 * Real servers that must not answer ARP for the VIP. IPv6 needs no sysctl for that: a kernel answers neighbour solicitations only for
 * addresses of the interface that got them.
 */
export function quietGroups(plan: Plan): PlannedRealServer[][] {
  if (plan.family === 6) return [];
  return allAndEach(serversOn(plan, 'front').filter(({ mode }) => mode !== 'nat'));
}

/** Sets both values to 0, because the kernel uses the larger one of "all" and the NIC. */
export function clear({ node, address }: PlannedRealServer, ...names: ('arp_ignore' | 'arp_announce')[]): NodeCommand {
  const all = names.map((name) => `net.ipv4.conf.all.${name}=0`).join(' ');
  const nic = names.map((name) => `"net.ipv4.conf.$nic.${name}=0"`).join(' ');
  return { on: node, run: `${findNic(address)} && sysctl -q -w ${all} && sysctl -q -w ${nic}` };
}

/** A real server that lacks some of the services at the VIP gets requests that it cannot answer. */
export function bypassed(plan: Plan, servers: readonly PlannedRealServer[]): Symptom {
  const serveAll = servers.every(({ node }) => servicesOf(plan, node).length === plan.services.length);
  return serveAll ? { kind: 'without IPVS' } : { kind: 'varies' };
}
