import { backendOf } from '../backends/index.ts';
import { familyOf } from '../model/addresses.ts';
import type { Destination } from '../model/lab.ts';
import type { NetworkName } from '../model/words.ts';
import { type Nic, nicOn, type Plan, type PlannedNode, type PlannedService, theNode } from '../plan/plan.ts';
import type { Connection, Endpoint, Way, Wire, Wrapping } from './wire.ts';

/** The hops of a request and of its answer that the plan wants. */
export type Ladder = Record<Way, Wire[]>;

/** The TTL of packets that a kernel sends (net.ipv4.ip_default_ttl, net.ipv6.conf.all.hop_limit). */
const firstTtl = 64;

/**
 * The hops that each packet of a connection must take.
 * @param choice.server the real server that IPVS chose; without one only the hop to the director is known
 * @param choice.director the director that has the VIP; by default the first one
 */
export function expectedLadder(
  plan: Plan,
  service: PlannedService,
  connection: Connection,
  choice: { server?: string | undefined; director?: string | undefined } = {},
): Ladder {
  const client = theNode(plan, 'client');
  const director = plan.nodes.find(({ name }) => name === choice.director) ?? theNode(plan, 'director');
  const asker = { address: nicOn(client, 'front').address, port: connection.clientPort };
  const vip = { address: service.vip, port: connection.port };
  const packet = { wrapped: [], source: asker, target: vip, ttl: firstTtl };
  const answer = { wrapped: [], source: vip, target: asker, ttl: firstTtl };
  const toDirector: Wire = { network: 'front', from: client.name, to: director.name, ...packet };
  const destination = service.destinations.find(({ server }) => server === choice.server);
  if (!destination) return { there: [toDirector], back: [] };
  if (destination.local) {
    return { there: [toDirector], back: [{ network: 'front', from: director.name, to: client.name, ...answer }] };
  }
  const server = nodeNamed(plan, destination.server);
  const real = { address: destination.address, port: realPort(service, destination, connection) };
  const ends: Ends = { plan, client, director, server, asker, vip, real, destination };
  const { there, back } = { nat: byNat, dr: directly, tun: directly }[destination.mode](ends);
  return { there: [toDirector, ...there], back };
}

interface Ends {
  plan: Plan;
  client: PlannedNode;
  director: PlannedNode;
  server: PlannedNode;
  asker: Endpoint;
  vip: Endpoint;
  real: Endpoint;
  destination: Destination;
}

/** The director replaces the VIP by the real server's address, and back in the answer, which must come through it. */
function byNat({ plan, client, director, server, asker, vip, real }: Ends): Ladder {
  const { network } = firstNic(server);
  const inside = { network, wrapped: [] };
  // SNAT keeps the port.
  const seen = plan.oneArm === 'snat' ? { ...asker, address: nicOn(director, 'front').address } : asker;
  return {
    there: [{ ...inside, from: director.name, to: server.name, source: seen, target: real, ttl: firstTtl - 1 }],
    back: [
      { ...inside, from: server.name, to: director.name, source: real, target: seen, ttl: firstTtl },
      {
        network: 'front',
        from: director.name,
        to: client.name,
        wrapped: [],
        source: vip,
        target: asker,
        ttl: firstTtl - 1,
      },
    ],
  };
}

/** The packet stays as it is, in a tunnel or not; the answer goes straight to the client. */
function directly(ends: Ends): Ladder {
  const { plan, client, director, server, asker, vip, destination } = ends;
  const forward = { wrapped: wrappings(ends), source: asker, target: vip, ttl: firstTtl - 1 };
  const answer = { wrapped: [], source: vip, target: asker };
  const { network } = firstNic(server);
  if (network === 'front') {
    return {
      there: [{ network, from: director.name, to: server.name, ...forward }],
      back: [{ network, from: server.name, to: client.name, ...answer, ttl: firstTtl }],
    };
  }
  if (destination.mode !== 'tun') throw new Error(`${server.name} is not in the director's network`);
  const router = theNode(plan, 'router').name;
  return {
    there: [
      { network: 'front', from: director.name, to: router, ...forward },
      { network, from: router, to: server.name, ...forward },
    ],
    back: [
      { network, from: server.name, to: router, ...answer, ttl: firstTtl },
      { network: 'front', from: router, to: client.name, ...answer, ttl: firstTtl - 1 },
    ],
  };
}

function wrappings({ director, destination, vip }: Ends): Wrapping[] {
  const { mode, tunnel, tunnelPort, address } = destination;
  if (mode !== 'tun') return [];
  const outer = {
    by: tunnel,
    family: familyOf(address),
    inner: familyOf(vip.address),
    source: nicOn(director, 'front').address,
    target: address,
  };
  return [tunnel === 'gue' ? { ...outer, port: tunnelPort } : outer];
}

/** The port at which the real server is asked. Undefined for an extra connection of a service, as FTP opens them. */
function realPort(service: PlannedService, { mode, port }: Destination, connection: Connection): number | undefined {
  const endpoint = service.endpoints.find((one) => one.port === connection.port);
  if (!endpoint) return undefined;
  return mode === 'nat' && port > 0 ? port : connection.port;
}

/** Whether a service opens connections at ports that the plan cannot know. */
export function opensMore({ endpoints }: PlannedService): boolean {
  return endpoints.some(({ backend }) => backendOf(backend).dataConnections);
}

function firstNic({ name, nics }: PlannedNode): Nic & { network: NetworkName } {
  const [nic] = nics;
  if (!nic) throw new Error(`${name} has no NIC`);
  return nic;
}

function nodeNamed(plan: Plan, name: string): PlannedNode {
  const node = plan.nodes.find((one) => one.name === name);
  if (!node) throw new Error(`plan of ${plan.lab} has no node ${name}`);
  return node;
}
