import { backendOf } from '../backends/index.ts';
import { serviceName, tableOf } from '../ipvs/rules.ts';
import type { Destination } from '../model/lab.ts';
import { nicOn, nodesOf, type Plan, type PlannedNode, type PlannedService, theNode } from '../plan/plan.ts';
import { tunnelDevice } from '../plan/tunnel-device.ts';
import { coming, type DeviceNames, type Ends, going, journey, lineBetween, type Net } from './journey.ts';
import { others } from './other-packets.ts';
import type { Hook, Packet, Range } from './packet.ts';

/** Ports from which clients ask. */
const chosen: Range = [1024, 65535];
const anyPort: Range = [1, 65535];

/** The packets that a lab lives by, as each of its nodes sees them. */
export function packetsOf(plan: Plan, names: DeviceNames = () => undefined): Packet[] {
  const net = { plan, names };
  return [...plan.services.flatMap((service) => ofService(net, service)), ...others(net)];
}

function ofService(net: Net, service: PlannedService): Packet[] {
  return service.endpoints.flatMap((endpoint) =>
    service.destinations.flatMap((to) => {
      const [own] = tableOf({ ...service, endpoints: [endpoint], destinations: [to] }).servers;
      const at = (port: number): Range => [port, port];
      const ports = { asked: at(endpoint.port), there: at(own?.port || endpoint.port), from: chosen };
      const ways = [...toServer(net, service, to, ports), ...checks(net, service, to, ports)];
      // FTP opens more connections, in both directions, whose ports the first one tells.
      if (!backendOf(endpoint.backend).dataConnections) return ways;
      return [...ways, ...toServer(net, service, to, { asked: anyPort, there: anyPort, from: anyPort })];
    }),
  );
}

interface Ports {
  /** Of the service, and of the real server. */
  asked: Range;
  there: Range;
  from: Range;
}

/** The requests of a service that a real server gets, and its answers. */
function toServer(net: Net, service: PlannedService, to: Destination, { asked, there, from }: Ports): Packet[] {
  const { plan } = net;
  const client = theNode(plan, 'client');
  const address = nicOn(client, 'front').address;
  const { vip, protocol, fwmark } = service;
  const common = { service: serviceName(service), server: to.server, protocol };
  const marked = fwmark > 0 ? { mark: fwmark } : {};
  const nat = to.mode === 'nat' && !to.local;
  const atVip: Ends = { ...common, kind: 'request', source: address, destination: vip, sport: from, dport: asked };
  const atServer: Ends = nat ? { ...atVip, destination: to.address, dport: there } : atVip;
  const fromVip: Ends = { ...common, kind: 'answer', source: vip, destination: address, sport: asked, dport: from };
  const fromServer: Ends = nat ? { ...fromVip, source: to.address, sport: there } : fromVip;
  const server = serverOf(plan, to);
  return nodesOf(plan, 'director').flatMap((director) => {
    const mark = (packet: Packet) => (packet.node === director.name ? { ...packet, ...marked } : packet);
    const asking = journey(net, [client, director], atVip).map(mark);
    if (to.local) return [...asking, ...journey(net, [director, client], fromVip)];
    const forwarded =
      to.mode === 'tun'
        ? tunnelled(net, [director, server], to, atVip)
        : journey(net, [director, server], atServer).map(mark);
    const back = nat
      ? [
          ...journey(net, [server, director], fromServer, { got: ['ingress', 'prerouting', 'forward'] }),
          ...journey(net, [director, client], fromVip, { sent: ['forward', 'postrouting', 'egress'] }),
        ]
      : journey(net, [server, client], fromVip);
    if (nat && plan.oneArm === 'snat') {
      const own = nicOn(director, 'front').address;
      return [...asking, ...forwarded, ...back].flatMap((packet) =>
        hidden(packet, { client: address, own, director: director.name }),
      );
    }
    return [...asking, ...forwarded, ...back];
  });
}

/** With SNAT the director's address is in the place of the client's: from the director's egress on, and until its routing of answers. */
function hidden(
  packet: Packet,
  { client, own, director }: { client: string; own: string; director: string },
): Packet[] {
  const { node, hooks, source, destination } = packet;
  const swap = (one: Packet): Packet => ({
    ...one,
    ...(source === client && { source: own }),
    ...(destination === client && { destination: own }),
  });
  if (packet.server === node) return [swap(packet)];
  if (node !== director) return [packet];
  const isRequest = packet.kind === 'request';
  const outside: readonly Hook[] = isRequest ? ['egress'] : ['ingress', 'prerouting'];
  const isForwarded = isRequest ? hooks.includes('output') : hooks.includes('ingress');
  if (!isForwarded) return [packet];
  return [
    { ...packet, hooks: hooks.filter((hook) => !outside.includes(hook)) },
    swap({ ...packet, hooks: hooks.filter((hook) => outside.includes(hook)) }),
  ];
}

/** What the director sends through a tunnel: its sender is the director. And what comes out of it. */
function tunnelled(net: Net, ends: [PlannedNode, PlannedNode], to: Destination, inside: Ends): Packet[] {
  const { family } = net.plan;
  const { tunnel, tunnelPort, address } = to;
  const protocol = family === 6 && tunnel === 'ipip' ? 'ipv6' : { ipip: 'ipencap', gre: 'gre', gue: 'udp' }[tunnel];
  const ports = tunnel === 'gue' ? { sport: anyPort, dport: [tunnelPort, tunnelPort] as const } : {};
  const { service = '', server = '' } = inside;
  const source = lineBetween(...ends)?.first.address ?? '';
  const outside: Ends = { kind: 'request', service, server, protocol, source, destination: address, ...ports };
  const { device } = tunnelDevice(to);
  return [
    ...journey(net, ends, outside),
    { ...inside, family, node: ends[1].name, hooks: ['prerouting', 'input'], in: device },
  ];
}

/** What the director asks a real server at its own address, as verify and health checks do. */
function checks(net: Net, service: PlannedService, to: Destination, { there }: Ports): Packet[] {
  const { plan } = net;
  const server = serverOf(plan, to);
  const common = { service: serviceName(service), server: to.server, protocol: service.protocol };
  return nodesOf(plan, 'director').flatMap((director): Packet[] => {
    const own = lineBetween(director, server)?.first.address ?? '';
    const asks: Ends = { ...common, kind: 'check', source: own, destination: to.address, sport: chosen, dport: there };
    const says: Ends = {
      ...common,
      kind: 'checked',
      source: to.address,
      destination: own,
      sport: there,
      dport: chosen,
    };
    if (director === server) {
      const inside = { node: director.name, family: plan.family, hooks: [...going, ...coming], in: 'lo', out: 'lo' };
      return [asks, says].map((one) => ({ ...one, ...inside }));
    }
    return [...journey(net, [director, server], asks), ...journey(net, [server, director], says)];
  });
}

/** The director for LocalNode. */
function serverOf(plan: Plan, { server }: Destination): PlannedNode {
  return plan.nodes.find(({ name }) => name === server) ?? theNode(plan, 'director');
}
