import type { IpvsConnection, IpvsService } from '../ipvs/parse.ts';
import { joinAddress } from '../model/addresses.ts';
import type { Plan } from '../plan/plan.ts';
import type { Looked } from './look.ts';

/** What a page shows of a director. */
export interface DirectorState {
  node: string;
  /** Why it could not be asked; null if it was. */
  error: string | null;
  services: ServiceState[];
  connections: ConnectionState[];
  /** How many connections are not shown. */
  more: number;
}

export interface ServiceState {
  /** As in /proc/net/ip_vs: `TCP 192.168.1.3:80`, `FWM 7`. */
  name: string;
  scheduler: string;
  servers: ServerState[];
}

export interface ServerState {
  /** Its name in the plan, or its address. */
  server: string;
  address: string;
  /** Masq, Route, Tunnel or Local. */
  method: string;
  weight: number;
  active: number;
  inactive: number;
}

export interface ConnectionState {
  protocol: string;
  client: string;
  service: string;
  server: string;
  state: string;
  /** Seconds until it is forgotten. */
  expires: number;
}

export function directorState(plan: Plan, node: string, { services, connections }: Looked): DirectorState {
  const shares = services.map((one) => serviceState(plan, one));
  const all = shares
    .flatMap(({ servers }) => servers)
    .reduce((sum, { active, inactive }) => sum + active + inactive, 0);
  const shown = connections.map((one) => connectionState(plan, one));
  const counted = connections.filter(isConnection).length;
  return { node, error: null, services: shares, connections: shown, more: Math.max(0, all - counted) };
}

export function unreached(node: string, error: string): DirectorState {
  return { node, error, services: [], connections: [], more: 0 };
}

function serviceState(plan: Plan, { protocol, vip, port, mark, scheduler, destinations }: IpvsService): ServiceState {
  return {
    name: mark === undefined ? `${protocol} ${joinAddress(vip, port)}` : `FWM ${mark}`,
    scheduler,
    servers: destinations.map(({ address, port: serverPort, method, weight, active, inactive }) => {
      return {
        server: nameOf(plan, address),
        address: joinAddress(address, serverPort),
        method,
        weight,
        active,
        inactive,
      };
    }),
  };
}

function connectionState(plan: Plan, one: IpvsConnection): ConnectionState {
  const { protocol, client, clientPort, vip, port, realServer, state, expires } = one;
  return {
    protocol,
    // A persistent client's template has no port.
    client: clientPort === 0 ? client : joinAddress(client, clientPort),
    service: joinAddress(vip, port),
    server: nameOf(plan, realServer),
    state,
    expires,
  };
}

/** The name of the real server with an address; the address if it has none. LocalNode has the director's. */
function nameOf({ realServers, nodes }: Plan, address: string): string {
  const server = realServers.find((one) => one.address === address)?.node;
  return server ?? nodes.find(({ nics }) => nics.some((nic) => nic.address === address))?.name ?? address;
}

/** Not a template of a persistent client. */
function isConnection({ clientPort }: IpvsConnection): boolean {
  return clientPort !== 0;
}

/** New connections since the look before: how many of each director to each real server. */
export type Arrivals = Record<string, Record<string, number>>;

/**
 * Which connections are new. Where the table is too long to be read to its end, the kernel's counter tells how many there are, and
 * the growth of the real servers' counters who has them. Two directors have the same connections: the first that has one counts.
 */
export function arrivals(plan: Plan, before: ReadonlyMap<string, Looked>, now: ReadonlyMap<string, Looked>): Arrivals {
  const known = new Set([...before.values()].flatMap(({ connections }) => connections.map(keyOf)));
  const found: Arrivals = {};
  const add = (node: string, server: string, count: number) => {
    if (count <= 0) return;
    found[node] ??= {};
    found[node][server] = (found[node][server] ?? 0) + count;
  };
  for (const [node, look] of now) {
    const last = before.get(node);
    if (!last) continue;
    if (look.cut || last.cut) {
      for (const [address, count] of shared(held(last), held(look), look.counted - last.counted))
        add(node, nameOf(plan, address), count);
      continue;
    }
    for (const one of look.connections.filter(isConnection)) {
      if (known.has(keyOf(one))) continue;
      known.add(keyOf(one));
      add(node, nameOf(plan, one.realServer), 1);
    }
  }
  return found;
}

/**
 * Who has got some new connections. What is new and is not among the growth took the place of connections that ended, of which each
 * real server is supposed to have lost as large a part of its own as any other. A director that only gets to know the connections of
 * another counts none of them.
 */
function shared(before: Map<string, number>, now: Map<string, number>, total: number): Map<string, number> {
  const growth = new Map([...now].map(([address, count]) => [address, count - (before.get(address) ?? 0)]));
  const all = sumOf(now);
  const ended = total - sumOf(growth);
  const wished = [...growth].map(([address, count]) => {
    const part = all > 0 ? (now.get(address) ?? 0) / all : 0;
    return [address, Math.max(0, count + ended * part)] as const;
  });
  const scale = total / Math.max(1, sumOf(new Map(wished)));
  const found = new Map<string, number>();
  // Each gets what is due to it and to those before it, less what those have got: so no connection is lost by rounding.
  let due = 0;
  let given = 0;
  for (const [address, count] of wished) {
    due += count * scale;
    found.set(address, Math.round(due) - given);
    given = Math.round(due);
  }
  return found;
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function keyOf({ protocol, client, clientPort, vip, port }: IpvsConnection): string {
  return [protocol, client, clientPort, vip, port].join();
}

/** How many connections each real server holds. */
function held({ services }: Looked): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { address, active, inactive } of services.flatMap(({ destinations }) => destinations)) {
    sums.set(address, (sums.get(address) ?? 0) + active + inactive);
  }
  return sums;
}

/** Adds new connections to those since the watch began. */
export function addArrivals(all: Arrivals, some: Arrivals): Arrivals {
  const sum: Arrivals = structuredClone(all);
  for (const [node, servers] of Object.entries(some)) {
    for (const [server, count] of Object.entries(servers)) {
      sum[node] ??= {};
      sum[node][server] = (sum[node][server] ?? 0) + count;
    }
  }
  return sum;
}
