import { simulate } from '../../scripts/ipvs/oracle/simulate.ts';
import { tableOf } from '../../scripts/ipvs/rules.ts';
import { familyOf, hostCidr } from '../../scripts/model/addresses.ts';
import {
  allRequests,
  nicOn,
  nodesOf,
  type Plan,
  type PlannedRealServer,
  type PlannedService,
  theNode,
  vipsOf,
} from '../../scripts/plan/plan.ts';
import { tunnelDevice } from '../../scripts/plan/tunnel-device.ts';
import { askingOf, backendsOf } from '../../scripts/verify/asking.ts';
import type { Answer, Observations, OneOfTwo, RealServerSeen, ServiceSeen } from '../../scripts/verify/observations.ts';

/** The front NICs' addresses of what every lab has. */
export const MAC = { director: '52:54:00:01:0d:01', rs1: '52:54:00:01:05:01', rs2: '52:54:00:01:05:02' };

/** First source port of a service's requests. */
const firstPort = (index: number) => 20_000 + 1000 * index;

/** What a lab shows in which everything is right, and whose table nobody has used before. */
export function healthy(plan: Plan): Observations {
  const vips = vipsOf(plan);
  const services = plan.services.map((service, index) => askedOf(plan, service, firstPort(index)));
  const answers = services.flatMap((service) => service.answers);
  const passing = plan.realServers.filter(({ mode, local }) => local || mode === 'nat').map(({ node }) => node);
  return {
    client: {
      services,
      vips: new Map(vips.map((vip) => [vip, { neighbour: MAC.director, owners: [MAC.director] }])),
    },
    director: {
      before: { connections: 0, inPackets: 0, outPackets: 0 },
      after: {
        connections: allRequests(plan),
        inPackets: 60,
        outPackets: answers.some(({ server = '' }) => passing.includes(server)) ? 50 : 0,
      },
      rules: plan.services.map(tableOf),
      tableBefore: [],
      table: [],
      connectionsBefore: [],
      connections: plan.services.flatMap((service, index) => connectionsOf(plan, service, services[index])),
      settings: new Map([
        ...Object.entries(plan.ipvs.timeouts ?? {}),
        ...plan.ipvs.sysctls.map(({ name, value }): [string, number] => [name, value]),
      ]),
      helpers: ['ftp 21'],
      marks: plan.services.map(markRule).join('\n'),
      addresses: [{ name: 'eth0', up: true, addresses: vips.map(hostCidr) }],
      forward: true,
      reach: plan.services.map((service) =>
        service.destinations.flatMap(({ server }) => service.endpoints.map(() => answer(service, server, 1))),
      ),
    },
    pair: new Map(plan.backup ? nodesOf(plan, 'director').map(({ name }) => [name, oneOfTwo(plan, name)]) : []),
    router: nodesOf(plan, 'router')[0] && {
      sysctls: new Map([
        ['forwarding', 1],
        ['all.rp_filter', 0],
        ['eth0.rp_filter', 0],
      ]),
    },
    realServers: new Map(
      plan.realServers.filter(({ local }) => !local).map((server) => [server.node, realServerSeen(plan, server)]),
    ),
    firewalls: new Map(plan.nodes.map(({ name }) => [name, { firewalld: undefined, enforcing: false, filters: [] }])),
  };
}

function oneOfTwo(plan: Plan, name: string): OneOfTwo {
  const active = name === 'director';
  return {
    state: active ? 'MASTER' : 'BACKUP',
    daemons: new Map(['master', 'backup'].map((state) => [state, 'mcast=eth0, syncid=1, maxlen=1472'])),
    addresses: [{ name: 'eth0', up: true, addresses: active ? vipsOf(plan).map(hostCidr) : [] }],
    rules: plan.services.map(tableOf),
  };
}

function answer(service: PlannedService, server: string | undefined, localPort: number): Answer {
  const status = backendsOf(service)[0]?.statuses[0] ?? 0;
  return { status, server, localPort, seconds: 0.01, error: undefined };
}

function askedOf(plan: Plan, service: PlannedService, port: number): ServiceSeen {
  const { step } = askingOf(service);
  const held = backendsOf(service).every(({ staysOpen }) => staysOpen);
  const connections = Array.from({ length: service.requests }, (_, at) => ({
    client: theNode(plan, 'client').nics[0]?.address ?? '',
    clientPort: port + at * step,
    held,
    onePacket: service.ops,
  }));
  const servers = service.destinations.map(({ server, uthreshold, lthreshold, ...rest }) => {
    return { ...rest, name: server, upper: uthreshold, lower: lthreshold };
  });
  const picks = simulate({ ...service, servers }, connections);
  // Persistence keeps the one client where it is.
  const given = service.persistence > 0 ? picks.map(() => picks[0]) : picks;
  const answers = given.map((server, at) => answer(service, server, port + at * step));
  return {
    answers,
    replies: answers.map(({ server, localPort }, at) => ({
      sender: senderOf(plan, server),
      source: service.vip,
      sourcePort: service.endpoints[at % service.endpoints.length]?.port ?? 0,
      localPort,
    })),
  };
}

function senderOf(plan: Plan, name: string | undefined): string {
  const server = plan.realServers.find(({ node }) => node === name);
  const nic = plan.nodes.find((node) => node.name === name)?.nics[0];
  if (server?.local || server?.mode === 'nat') return nicOn(theNode(plan, 'director'), 'front').mac;
  return (nic?.network === 'remote' ? nicOn(theNode(plan, 'router'), 'front').mac : nic?.mac) ?? '';
}

function connectionsOf(plan: Plan, service: PlannedService, asked: ServiceSeen | undefined) {
  if (service.ops) return [];
  return (asked?.answers ?? []).map(({ server, localPort }) => ({
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
function markRule({ vip, protocol, fwmark, endpoints }: PlannedService): string {
  if (fwmark === 0) return '';
  const ports = endpoints.map(({ port }) => port).join(', ');
  const family = familyOf(vip) === 6 ? 'ip6' : 'ip';
  return `    ${family} daddr ${vip} ${protocol} dport { ${ports} } meta mark set 0x${fwmark.toString(16).padStart(8, '0')}`;
}

function realServerSeen(plan: Plan, server: PlannedRealServer): RealServerSeen {
  const own = plan.services.filter(({ destinations }) => destinations.some((one) => one.server === server.node));
  const vips = vipsOf({ services: own }).map(hostCidr);
  const { device } = tunnelDevice(server);
  const source = plan.clock.find(({ node }) => node === server.node)?.source;
  const nic = plan.nodes.find(({ name }) => name === server.node)?.nics[0];
  const back = theNode(plan, 'director').nics[1]?.address;
  return {
    tunnelBefore: 0,
    tunnelAfter: 30,
    addresses: [
      { name: 'lo', up: true, addresses: server.mode === 'dr' ? vips : [] },
      { name: device, up: true, addresses: server.mode === 'tun' ? vips : [] },
      { name: 'eth0', up: true, addresses: [`${server.address}/24`] },
    ],
    gateway: nic?.network === 'remote' ? nicOn(theNode(plan, 'router'), 'remote').address : back,
    sysctls: new Map([
      ['all.arp_ignore', 1],
      ['nic.arp_ignore', 0],
      ['all.arp_announce', 2],
      ['nic.arp_announce', 0],
      ['all.rp_filter', 0],
      [`${device}.rp_filter`, 0],
    ]),
    fou: server.tunnel === 'gue' ? [`port ${server.tunnelPort} gue`] : [],
    clock:
      source === undefined
        ? undefined
        : { source, offset: 0.002, synchronised: true, selected: true, error: undefined },
  };
}
