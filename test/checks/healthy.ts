import { backendOf } from '../../scripts/backends/index.ts';
import { owners } from '../../scripts/checks/arp-owner/look.ts';
import { clockLook } from '../../scripts/checks/clock/look.ts';
import { openDoor } from '../../scripts/checks/database-door/look.ts';
import { firewallLook } from '../../scripts/checks/firewall/look.ts';
import { forwards } from '../../scripts/checks/forwarding/look.ts';
import { fou } from '../../scripts/checks/gue/look.ts';
import { helpers } from '../../scripts/checks/helper/look.ts';
import { listeners } from '../../scripts/checks/listening/look.ts';
import { addresses, type Interface } from '../../scripts/checks/looks/addresses.ts';
import { type Answer, type Asked, answers } from '../../scripts/checks/looks/answers.ts';
import { backendsOf, largeOf, stepOf } from '../../scripts/checks/looks/asking.ts';
import { connections } from '../../scripts/checks/looks/connections.ts';
import { counters } from '../../scripts/checks/looks/counters.ts';
import type { Claim, Reply } from '../../scripts/checks/looks/heard.ts';
import { kernel } from '../../scripts/checks/looks/kernel.ts';
import type { Look } from '../../scripts/checks/looks/look.ts';
import { nics } from '../../scripts/checks/looks/nics.ts';
import { order } from '../../scripts/checks/looks/order.ts';
import { type Peer, peers } from '../../scripts/checks/looks/peers.ts';
import { processes } from '../../scripts/checks/looks/processes.ts';
import { siteUnits } from '../../scripts/checks/looks/site-units.ts';
import { sysctls } from '../../scripts/checks/looks/sysctls.ts';
import { table } from '../../scripts/checks/looks/table.ts';
import { tcpCounters } from '../../scripts/checks/looks/tcp-counters.ts';
import { waysBack } from '../../scripts/checks/looks/way-back.ts';
import { marksLook } from '../../scripts/checks/marks/look.ts';
import { neighbours } from '../../scripts/checks/neighbour/look.ts';
import type { Observations } from '../../scripts/checks/observations.ts';
import { type Reached, reach } from '../../scripts/checks/reachable/look.ts';
import { routerSysctls } from '../../scripts/checks/router/look.ts';
import { plannedSettings, settingsLook } from '../../scripts/checks/settings/look.ts';
import { databaseLogin } from '../../scripts/checks/site-database/look.ts';
import { siteMount } from '../../scripts/checks/site-files/look.ts';
import { phpStatus } from '../../scripts/checks/site-php/look.ts';
import { siteUsers } from '../../scripts/checks/site-user/look.ts';
import { capture } from '../../scripts/checks/source/look.ts';
import { daemons } from '../../scripts/checks/sync-daemons/look.ts';
import { tunnelPackets } from '../../scripts/checks/tunnel/look.ts';
import { vrrpStates } from '../../scripts/checks/vrrp/look.ts';
import { simulate } from '../../scripts/ipvs/oracle/simulate.ts';
import { serviceName, tableOf } from '../../scripts/ipvs/rules.ts';
import { familyOf, hostCidr } from '../../scripts/model/addresses.ts';
import { gatewaysOf } from '../../scripts/plan/gateways.ts';
import {
  allRequests,
  nicOn,
  type Plan,
  type PlannedNode,
  type PlannedRealServer,
  type PlannedService,
  serversBy,
  theNode,
  vipsOf,
} from '../../scripts/plan/plan.ts';
import { tunnelDevice } from '../../scripts/plan/tunnel-device.ts';
import { vipsOn } from '../../scripts/plan/vip-device.ts';
import type { ListeningSocket } from '../../scripts/state/listening-socket.ts';

/** Observations that a test may change. */
export interface Seen extends Observations {
  set<T>(look: Look<T>, node: string, value: T): void;
}

/** The front NICs' addresses of what every lab has. */
export const MAC = { director: '52:54:00:01:0d:01', rs1: '52:54:00:01:05:01', rs2: '52:54:00:01:05:02' };

/** MAC of a node's first lab NIC. */
export function macOf(plan: Plan, node: string): string {
  return plan.nodes.find(({ name }) => name === node)?.nics[0]?.mac ?? '';
}

/** First source port of a service's requests. */
const firstPort = (index: number) => 20_000 + 1000 * index;

/** What a lab shows in which everything is right, and whose table nobody has used before. */
export function healthy(plan: Plan): Seen {
  const values = new Map<Look<unknown>, Map<string, unknown>>();
  const seen: Seen = {
    of<T>(look: Look<T>, node: string): T {
      if (!values.get(look)?.has(node)) throw new Error(`nothing was seen of ${look.name} on ${node}`);
      return values.get(look)?.get(node) as T;
    },
    set: (look, node, value) => void values.set(look, (values.get(look) ?? new Map()).set(node, value)),
  };
  /** On every node where the look is made, so that a check which asks for another node fails its test. */
  const put = <T>(look: Look<T>, value: (node: PlannedNode) => T) => {
    for (const node of plan.nodes) if (look.on(plan, node)) seen.set(look, node.name, value(node));
  };
  putClient(plan, put);
  putDirectors(plan, put);
  putRealServers(plan, put);
  putSite(plan, put);
  put(routerSysctls, () => {
    const values = ['all.rp_filter', 'eth0.rp_filter'].map((name): [string, number] => [name, 0]);
    return new Map([['forwarding', 1], ...values]);
  });
  put(nics, ({ nics: own }) => own.map(({ mac }, at) => ({ name: `eth${at}`, mac, mtu: 1500, isCard: true })));
  put(firewallLook, () => ({ firewalld: undefined, enforcing: false, filters: [], arpRules: false, legacy: [] }));
  return seen;
}

type Put = <T>(look: Look<T>, value: (node: PlannedNode) => T) => void;

function putClient(plan: Plan, put: Put): void {
  const asked = askedIn(plan);
  put(answers, () => new Map(asked.map((one) => [serviceName(one.service), one])));
  put(capture, () => ({
    replies: asked.flatMap((one) => repliesTo(plan, one)),
    refusals: [],
    tries: asked.flatMap((one) => one.all.map(({ localPort }) => localPort)),
    complaints: [],
    claims: claimsIn(plan),
  }));
  put(tcpCounters, () => ({ sent: 120, again: 0, afterGap: 0, patience: 1 }));
  put(neighbours, () => new Map(vipsOf(plan).map((vip) => [vip, MAC.director])));
  put(owners, () => new Map(vipsOf(plan).map((vip) => [vip, [MAC.director]])));
}

function putDirectors(plan: Plan, put: Put): void {
  const asked = askedIn(plan);
  const active = theNode(plan, 'director');
  const passing = plan.realServers.filter(({ mode, local }) => local || mode === 'nat').map(({ node }) => node);
  const some = asked.some((one) => one.answers.some(({ server = '' }) => passing.includes(server)));
  put(counters, () => ({
    before: { connections: 0, inPackets: 0, outPackets: 0 },
    after: {
      connections: allRequests(plan) + plan.services.reduce((sum, one) => sum + largeOf(one), 0),
      inPackets: 60,
      outPackets: some ? 50 : 0,
    },
  }));
  put(connections, () => ({ before: [], since: asked.flatMap((one) => connectionsOf(plan, one)) }));
  put(order, () => []);
  put(kernel, () => '6.12.118');
  put(table, () => plan.services.map(tableOf));
  put(settingsLook, () => plannedSettings(plan));
  put(helpers, () => ['ftp 21']);
  put(marksLook, () => plan.services.map(markRule).join('\n'));
  put(forwards, () => true);
  put(reach, () => new Map(plan.services.map((service) => [serviceName(service), reachOf(service)])));
  put(vrrpStates, (node) => {
    const state = node === active ? 'MASTER' : 'BACKUP';
    return plan.backup?.gateway ? [state, state] : [state];
  });
  put(daemons, () => new Map(['master', 'backup'].map((state) => [state, daemonIn(plan)])));
}

/** As `ipvsadm -l --daemon` prints it. */
function daemonIn({ backup }: Plan): string {
  const { syncid = 0, maxlen = 1472, group = '224.0.0.81', port = 8848, ttl = 1 } = backup?.sync ?? {};
  return `mcast=eth0, syncid=${syncid}, maxlen=${maxlen}, group=${group}, port=${port}, ttl=${ttl}`;
}

function putSite(plan: Plan, put: Put): void {
  const { site } = plan;
  put(siteMount, ({ name }) => {
    const { source = '' } = site?.mounts.find(({ node }) => node === name) ?? {};
    const ocfs2 = { source: '/dev/vdb', type: 'ocfs2' };
    return { ...(site?.nfs ? { source, type: 'nfs4' } : ocfs2), inFstab: true, readable: true };
  });
  put(siteUnits, (node) => {
    const { units } = siteUnits.on(plan, node) as { units: string[] };
    return new Map(units.map((unit) => [`${unit.replace('*', '8.4')}.service`, 'active']));
  });
  put(phpStatus, () => 200);
  put(databaseLogin, () => ({ code: 0, words: 'connected' }));
  put(siteUsers, () => 1);
  put(openDoor, () => false);
}

function putRealServers(plan: Plan, put: Put): void {
  const asked = askedIn(plan);
  const serverOn = ({ name }: PlannedNode) => plan.realServers.find(({ node, local }) => node === name && !local);
  put(addresses, (node) => {
    const server = serverOn(node);
    if (server) return interfacesOf(plan, server);
    return node.role === 'director' ? directorsInterfaces(plan, node) : ownInterfaces(node);
  });
  put(tunnelPackets, () => ({ before: 0, after: 30 }));
  put(waysBack, ({ name }) => {
    const via = gatewaysOf(plan).find(({ node }) => node === name)?.address;
    const vips = serversBy(plan, 'dr', 'tun').some(({ node }) => node === name) ? vipsOn(plan, name) : [];
    return [undefined, ...vips].map((from) => ({ from, via, device: 'eth0', local: false, error: undefined }));
  });
  put(peers, ({ name }) => asked.flatMap((one) => peersOf(plan, one, name)));
  put(processes, () => daemonsOf(plan).map((name) => ({ name, stopped: false })));
  put(sysctls, (node) => {
    const server = serverOn(node);
    const device = server ? tunnelDevice(server).device : '';
    const values = { 'all.arp_ignore': 1, 'nic.arp_ignore': 0, 'all.arp_announce': 2, 'nic.arp_announce': 0 };
    return new Map(Object.entries({ ...values, 'all.rp_filter': 0, [`${device}.rp_filter`]: 0 }));
  });
  put(listeners, ({ name }) => plan.services.flatMap((service) => listenersOf(service, name)));
  put(fou, (node) => [`port ${serverOn(node)?.tunnelPort} gue`]);
  put(clockLook, ({ name }) => {
    const source = plan.clock.find(({ node }) => node === name)?.source;
    return { source, offset: 0.002, synchronised: true, selected: true, error: undefined };
  });
}

function directorsInterfaces(plan: Plan, node: PlannedNode): Interface[] {
  const active = node === theNode(plan, 'director');
  const moved = [vipsOf(plan), plan.backup?.gateway ?? []];
  return ownInterfaces(node).map((one, at) => ({
    ...one,
    addresses: [...(active ? [moved[at] ?? []].flat().map(hostCidr) : []), ...one.addresses],
  }));
}

function ownInterfaces({ nics }: PlannedNode): Interface[] {
  return nics.map(({ address, prefix }, at) => ({ ...eth(at), addresses: [`${address}/${prefix}`] }));
}

function eth(number: number) {
  return { name: `eth${number}`, up: true, mtu: 1500, queue: 'pfifo_fast' };
}

/** The client hears each of the others say that it has its address. */
function claimsIn(plan: Plan): Claim[] {
  const others = plan.nodes.filter(({ role }) => role !== 'client').flatMap(({ nics }) => nics);
  const near = others.filter(({ network }) => network === theNode(plan, 'client').nics[0]?.network);
  return near.map(({ mac, address }) => ({ mac, address, asked: false }));
}

function daemonsOf({ services }: Plan): string[] {
  return services.flatMap(({ endpoints }) =>
    endpoints.flatMap(({ backend }) => backendOf(backend).daemon.process ?? []),
  );
}

function peersOf(plan: Plan, { service, answers: all }: AskedService, node: string): Peer[] {
  const own = all.filter(({ server }) => server === node);
  const { address } = nicOn(theNode(plan, plan.oneArm === 'snat' ? 'director' : 'client'), 'front');
  const { port: mapped = 0 } = service.destinations.find(({ server }) => server === node) ?? {};
  return own.map(({ localPort }, at) => {
    const { port = 0 } = service.endpoints[at % service.endpoints.length] ?? {};
    return { address, port: localPort, localPort: mapped || port };
  });
}

function interfacesOf(plan: Plan, server: PlannedRealServer): Interface[] {
  const own = plan.services.filter(({ destinations }) => destinations.some((one) => one.server === server.node));
  const vips = vipsOf({ services: own }).map(hostCidr);
  return [
    { ...eth(0), name: 'lo', addresses: server.mode === 'dr' ? vips : [] },
    { ...eth(0), name: tunnelDevice(server).device, addresses: server.mode === 'tun' ? vips : [] },
    { ...eth(0), addresses: [`${server.address}/24`] },
  ];
}

/** As systemd's sockets and Apache do: on every address. */
function listenersOf({ protocol, endpoints, destinations }: PlannedService, node: string): ListeningSocket[] {
  const own = destinations.filter(({ server }) => server === node);
  return own.flatMap((destination) =>
    endpoints.map(({ port }) => ({ protocol, address: '::', port: destination.port || port })),
  );
}

function reachOf(service: PlannedService): Reached[] {
  return service.destinations.flatMap(({ server }) =>
    service.endpoints.map((endpoint) => ({ server, endpoint, answer: answer(service, server, 1) })),
  );
}

function answer(service: PlannedService, server: string | undefined, localPort: number): Answer {
  const status = backendsOf(service)[0]?.statuses[0] ?? 0;
  return { status, server, localPort, seconds: 0.01, error: undefined };
}

interface AskedService extends Asked {
  service: PlannedService;
  /** Small and large ones, with the real servers that answered. */
  all: Answer[];
}

function askedIn(plan: Plan): AskedService[] {
  return plan.services.map((service, index) => {
    const first = firstPort(index);
    const step = stepOf(service);
    const all = answersOf(plan, service, first, step);
    const large = all.slice(service.requests).map((answer) => ({ ...answer, server: undefined }));
    return { service, firstPort: first, step, answers: all.slice(0, service.requests), large, all };
  });
}

function answersOf(plan: Plan, service: PlannedService, port: number, step: number): Answer[] {
  const held = backendsOf(service).every(({ staysOpen }) => staysOpen);
  const requests = Array.from({ length: service.requests + largeOf(service) }, (_, at) => ({
    client: theNode(plan, 'client').nics[0]?.address ?? '',
    clientPort: port + at * step,
    held,
    onePacket: service.ops,
  }));
  const servers = service.destinations.map(({ server, uthreshold, lthreshold, ...rest }) => {
    return { ...rest, name: server, upper: uthreshold, lower: lthreshold };
  });
  const picks = simulate({ ...service, servers }, requests);
  // Persistence keeps the one client where it is.
  const given = service.persistence > 0 ? picks.map(() => picks[0]) : picks;
  return given.map((server, at) => answer(service, server, port + at * step));
}

function repliesTo(plan: Plan, { service, answers: all }: AskedService): Reply[] {
  return all.map(({ server, localPort }, at) => ({
    sender: senderOf(plan, server),
    source: service.vip,
    sourcePort: service.endpoints[at % service.endpoints.length]?.port ?? 0,
    localPort,
  }));
}

function senderOf(plan: Plan, name: string | undefined): string {
  const server = plan.realServers.find(({ node }) => node === name);
  const nic = plan.nodes.find((node) => node.name === name)?.nics[0];
  if (server?.local || server?.mode === 'nat') return nicOn(theNode(plan, 'director'), 'front').mac;
  return (nic?.network === 'remote' ? nicOn(theNode(plan, 'router'), 'front').mac : nic?.mac) ?? '';
}

function connectionsOf(plan: Plan, { service, all }: AskedService) {
  if (service.ops) return [];
  return all.map(({ server, localPort }) => ({
    protocol: service.protocol.toUpperCase(),
    client: theNode(plan, 'client').nics[0]?.address ?? '',
    clientPort: localPort,
    vip: service.vip,
    port: service.endpoints[0]?.port ?? 0,
    realServer: plan.realServers.find(({ node }) => node === server)?.address ?? '',
    realPort: 80,
    state: 'FIN_WAIT',
    expires: 118,
  }));
}

/** As nft lists it. */
function markRule({ vip, protocol, fwmark, endpoints, ranges = [] }: PlannedService): string {
  if (fwmark === 0) return '';
  const ports = [...endpoints.map(({ port }) => port), ...ranges].join(', ');
  const family = familyOf(vip) === 6 ? 'ip6' : 'ip';
  return `    ${family} daddr ${vip} ${protocol} dport { ${ports} } meta mark set 0x${fwmark.toString(16).padStart(8, '0')}`;
}
