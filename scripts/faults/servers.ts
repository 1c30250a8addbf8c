import { serviceName } from '../ipvs/rules.ts';
import type { Service } from '../model/lab.ts';
import type { NetworkName } from '../model/words.ts';
import { type Plan, type PlannedRealServer, serversBy } from '../plan/plan.ts';

/** Real servers, machines of their own, with a NIC on a network. */
export function serversOn(plan: Plan, network: NetworkName): PlannedRealServer[] {
  const nodes = plan.nodes.filter(({ nics }) => nics.some((nic) => nic.network === network)).map(({ name }) => name);
  return serversBy(plan, 'nat', 'dr', 'tun').filter(({ node }) => nodes.includes(node));
}

/** All of them, and each by itself: what can go wrong on one machine is often done wrong on all. */
export function allAndEach<T>(all: readonly T[]): T[][] {
  if (all.length === 0) return [];
  return [[...all], ...(all.length > 1 ? all.map((one) => [one]) : [])];
}

/** As a place of several machines is named: `rs1 rs2`. */
export function namesOf(servers: readonly PlannedRealServer[]): string {
  return servers.map(({ node }) => node).join(' ');
}

/** As a place is named that is about one service: `rs1` in a lab of one service, else `rs1 UDP 192.168.1.9:53`. */
export function nameWithService({ services }: Plan, node: string, service: Service): string {
  return services.length > 1 ? `${node} ${serviceName(service)}` : node;
}
