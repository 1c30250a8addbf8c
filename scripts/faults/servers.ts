import { serviceName, tableOf } from '../ipvs/rules.ts';
import type { Service } from '../model/lab.ts';
import type { NetworkName, Protocol } from '../model/words.ts';
import {
  type Nic,
  type Plan,
  type PlannedNode,
  type PlannedRealServer,
  type PlannedService,
  serversBy,
  theNode,
} from '../plan/plan.ts';

/** Real servers that are not the director, and their NIC on a network. */
export function serversOn(plan: Plan, network: NetworkName): PlannedRealServer[] {
  const nodes = plan.nodes.filter(({ nics }) => nics.some((nic) => nic.network === network)).map(({ name }) => name);
  return serversBy(plan, 'nat', 'dr', 'tun').filter(({ node }) => nodes.includes(node));
}

/** Places on all of them together, and on each one alone: people often make the same mistake on all machines. */
export function allAndEach<T>(all: readonly T[]): T[][] {
  if (all.length === 0) return [];
  return [[...all], ...(all.length > 1 ? all.map((one) => [one]) : [])];
}

/** The name of a place on several machines: `rs1 rs2`. */
export function namesOf(servers: readonly PlannedRealServer[]): string {
  return servers.map(({ node }) => node).join(' ');
}

/** The name of a place for one service: `rs1` in a lab of one service, else `rs1 UDP 192.168.1.9:53`. */
export function nameWithService({ services }: Plan, node: string, service: Service): string {
  return services.length > 1 ? `${node} ${serviceName(service)}` : node;
}

/** MACs of the first NIC of each of these real servers. */
export function macsOf({ nodes }: Plan, servers: readonly PlannedRealServer[]): string[] {
  return servers.map(({ node }) => nodes.find(({ name }) => name === node)?.nics[0]?.mac ?? '');
}

/** Where a real server serves the first port of a service. */
export function servedAt(service: PlannedService, node: string): { protocol: Protocol; port: number } {
  const destinations = service.destinations.filter(({ server }) => server === node);
  const [own] = tableOf({ ...service, destinations }).servers;
  return { protocol: service.protocol, port: own?.port || (service.endpoints[0]?.port ?? 0) };
}

/** All real servers that are not the director. */
export function forwardedServers(plan: Plan): PlannedRealServer[] {
  return serversBy(plan, 'nat', 'dr', 'tun');
}

/** The real servers in a network of the director, with the NICs of both there. No router is between them. */
export function nearServers(plan: Plan): { server: PlannedRealServer; nic: Nic; director: PlannedNode; near: Nic }[] {
  const director = theNode(plan, 'director');
  return forwardedServers(plan).flatMap((server) => {
    const nic = firstNic(plan, server.node);
    const near = director.nics.find(({ network }) => network === nic.network);
    return near ? [{ server, nic, director, near }] : [];
  });
}

/** @throws Error when the plan has no such node, or it has no NIC */
export function firstNic({ nodes }: Plan, node: string): Nic {
  const [nic] = nodes.find(({ name }) => name === node)?.nics ?? [];
  if (!nic) throw new Error(`${node} has no NIC`);
  return nic;
}

/** Services that have a real server. */
export function servicesOf({ services }: Plan, node: string): PlannedService[] {
  return services.filter(({ destinations }) => destinations.some(({ server }) => server === node));
}

export function clientAddress(plan: Plan): string {
  return firstNic(plan, theNode(plan, 'client').name).address;
}
