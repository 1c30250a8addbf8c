import { nodesOf, type Plan, type PlannedNode } from '../plan/plan.ts';
import { coming, type Ends, going, journey, type Net } from './journey.ts';
import type { Hook, Packet, Range } from './packet.ts';

const anyPort: Range = [1, 65535];
const port = (number: number): Range => [number, number];

/** What a lab needs beside requests and answers. */
export function others(net: Net): Packet[] {
  const { plan } = net;
  return [
    ...plan.nodes.flatMap((node) => [...ofNeighbours(plan, node), ...tooLong(plan, node)]),
    ...betweenDirectors(plan),
    ...ofClocks(net),
    ...ofSite(net),
  ];
}

/** Questions for MACs, and their answers. */
function ofNeighbours({ family }: Plan, { name: node }: PlannedNode): Packet[] {
  const both: Hook[] = ['ingress', 'input', 'output', 'egress'];
  if (family === 4) {
    return ['request', 'reply'].map((type) => ({ node, hooks: both, kind: 'neighbour', family: 'arp', type }));
  }
  return ['nd-neighbor-solicit', 'nd-neighbor-advert'].map((type) => {
    return {
      node,
      hooks: [...both, 'prerouting', 'postrouting'],
      kind: 'neighbour',
      family,
      protocol: 'ipv6-icmp',
      type,
    };
  });
}

/** By ICMP a machine is told that a packet is too long for the rest of its way. */
function tooLong({ family }: Plan, { name: node, role }: PlannedNode): Packet[] {
  const hooks: Hook[] = [
    ...coming,
    ...going,
    ...(role === 'director' || role === 'router' ? (['forward'] as const) : []),
  ];
  const message =
    family === 6
      ? { protocol: 'ipv6-icmp', type: 'packet-too-big' }
      : { protocol: 'icmp', type: 'destination-unreachable', code: 'frag-needed' };
  return [{ node, hooks, kind: 'too long', family, ...message }];
}

/** VRRP, and the connections that one director tells another one of. */
function betweenDirectors(plan: Plan): Packet[] {
  if (!plan.backup) return [];
  const { family } = plan;
  return nodesOf(plan, 'director').flatMap(({ name: node }): Packet[] => [
    { node, hooks: [...coming, ...going], kind: 'other', family, protocol: 'vrrp' },
    { node, hooks: [...coming, ...going], kind: 'other', family, protocol: 'udp', sport: anyPort, dport: port(8848) },
  ]);
}

function ofClocks(net: Net): Packet[] {
  const { plan } = net;
  return plan.clock.flatMap(({ node, source }) => {
    const client = plan.nodes.find(({ name }) => name === node);
    const server = plan.nodes.find(({ nics }) => nics.some(({ address }) => address === source));
    return client && server ? bothWays(net, client, server, { protocol: 'udp' }) : [];
  });
}

/** Machines of a web site talk to each other at ports of many kinds. */
function ofSite(net: Net): Packet[] {
  const { plan } = net;
  if (!plan.site) return [];
  const nodes = plan.nodes.filter(
    ({ role }) => role === 'real-server' || role === 'site-server' || role === 'director',
  );
  return nodes.flatMap((one, at) => nodes.slice(at + 1).flatMap((other) => bothWays(net, one, other, {})));
}

function bothWays(net: Net, one: PlannedNode, other: PlannedNode, { protocol }: { protocol?: string }): Packet[] {
  const ends: Ends = { kind: 'other', ...(protocol && { protocol }), sport: anyPort, dport: anyPort };
  return [...journey(net, [one, other], ends), ...journey(net, [other, one], ends)];
}
