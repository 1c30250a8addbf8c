import { cpuTimesPort } from '../model/taken-ports.ts';
import { nodesOf, type Plan, type PlannedNode, vipsOf, weightsFollowLoad } from '../plan/plan.ts';
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
    ...ofLoad(net),
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

/**
 * By ICMP a machine is told that a packet is too long for the rest of its way: by a director, also as the VIP that the packet was for, or by
 * a router.
 */
function tooLong(plan: Plan, node: PlannedNode): Packet[] {
  const { family } = plan;
  const message =
    family === 6
      ? { protocol: 'ipv6-icmp', type: 'packet-too-big' }
      : { protocol: 'icmp', type: 'destination-unreachable', code: 'frag-needed' };
  return [...nodesOf(plan, 'director'), ...nodesOf(plan, 'router')].flatMap((sender) => {
    const own = sender.nics.map(({ address }) => address);
    const sources = sender.role === 'director' ? [...own, ...vipsOf(plan)] : own;
    const passed: Hook[] = node.role === 'director' || node.role === 'router' ? [...coming, 'forward'] : [...coming];
    const hooks = sender === node ? going : passed;
    return sources.map((source): Packet => ({ node: node.name, hooks, kind: 'too long', family, source, ...message }));
  });
}

/** VRRP, and the connections that one director tells another one of. */
function betweenDirectors(plan: Plan): Packet[] {
  if (!plan.backup) return [];
  const { family } = plan;
  const directors = nodesOf(plan, 'director');
  // By IPv6 they come from link-local addresses.
  const sources = family === 6 ? [undefined] : directors.flatMap(({ nics }) => nics.map(({ address }) => address));
  const hooks = [...coming, ...going];
  return directors.flatMap(({ name: node }) =>
    sources.flatMap((source): Packet[] => {
      const common = { node, hooks, kind: 'other', family, ...(source && { source }) } as const;
      return [
        { ...common, protocol: 'vrrp' },
        { ...common, protocol: 'udp', sport: anyPort, dport: port(8848) },
      ];
    }),
  );
}

function ofClocks(net: Net): Packet[] {
  const { plan } = net;
  return plan.clock.flatMap(({ node, source }) => {
    const client = plan.nodes.find(({ name }) => name === node);
    const server = plan.nodes.find(({ nics }) => nics.some(({ address }) => address === source));
    return client && server ? bothWays(net, client, server, { protocol: 'udp' }) : [];
  });
}

/** The director asks real servers how busy they are. */
function ofLoad(net: Net): Packet[] {
  const { plan } = net;
  if (!weightsFollowLoad(plan)) return [];
  const servers = nodesOf(plan, 'real-server');
  return nodesOf(plan, 'director').flatMap((director) =>
    servers.flatMap((server) => [
      ...journey(net, [director, server], {
        kind: 'other',
        protocol: 'tcp',
        sport: anyPort,
        dport: port(cpuTimesPort),
      }),
      ...journey(net, [server, director], {
        kind: 'other',
        protocol: 'tcp',
        sport: port(cpuTimesPort),
        dport: anyPort,
      }),
    ]),
  );
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
