import { backendAt } from '../../backends/index.ts';
import type { Picks, SimulatedConnection, SimulatedServer } from '../../ipvs/oracle/simulate.ts';
import type { IpvsConnection, IpvsService } from '../../ipvs/parse.ts';
import { type KnownState, predictions } from '../../ipvs/predict.ts';
import { portInTable } from '../../ipvs/rules.ts';
import { canonical, familyOf } from '../../model/addresses.ts';
import type { Destination } from '../../model/lab.ts';
import { type Plan, type PlannedService, sysctlOf, theNode, weightsFollowLoad } from '../../plan/plan.ts';
import type { Observations } from '../observations.ts';
import { answersOf } from './answered.ts';
import { askedOf } from './answers.ts';
import { backendsOf } from './asking.ts';
import { connections } from './connections.ts';
import { counters } from './counters.ts';
import { kernel } from './kernel.ts';
import { order } from './order.ts';

/**
 * The real server that the scheduler's model chooses for each request. Where the model allows several sequences, this is the
 * one that agrees longest with the answers. Undefined where the choice depends on something that cannot be seen.
 */
export function predictedAnswers(plan: Plan, service: PlannedService, seen: Observations): Picks | undefined {
  // The weights change while the client asks.
  if (weightsFollowLoad(plan)) return undefined;
  // Data connections count against thresholds as well.
  const bounded = service.destinations.some(({ uthreshold }) => uthreshold > 0);
  if (bounded && backendsOf(service).some(({ dataConnections }) => dataConnections)) return undefined;
  const from = theNode(plan, 'client').nics[0]?.address ?? '';
  const held = isHeld(service);
  const { answers } = askedOf(plan, service, seen);
  const director = theNode(plan, 'director').name;
  const known = seen.of(connections, director).before;
  const requests = answers.map(({ localPort }): SimulatedConnection => {
    return { client: from, clientPort: localPort, held, onePacket: service.ops };
  });
  const remembered = known.filter((one) => isOf(service, one));
  const state: KnownState = {
    servers: serversBefore(service, seen.of(order, director)),
    unused: seen.of(counters, director).before.connections === 0,
    nextExpiry: Math.min(...remembered.map(({ expires }) => expires)),
    bound: boundClients(plan, service, known),
    kernel: seen.of(kernel, director),
  };
  const seconds = 5 + answers.reduce((sum, answer) => sum + answer.seconds, 0);
  const given = answersOf(service, answers);
  const agreement = (picks: Picks) => {
    const at = picks.findIndex((pick, index) => pick !== given[index]);
    return at < 0 ? picks.length : at;
  };
  return predictions(service, state, requests, seconds, secondsRemembered(plan, service))?.reduce((best, one) =>
    agreement(one) > agreement(best) ? one : best,
  );
}

/** Whether the client keeps each connection open until the last one is made. */
function isHeld(service: PlannedService): boolean {
  return backendsOf(service).every(({ staysOpen }) => staysOpen);
}

/** How long IPVS remembers an open association: sctp_timeouts in ip_vs_proto_sctp.c. */
const sctpSeconds = 900;

/** How long IPVS remembers a connection after its last packet. */
function secondsRemembered({ ipvs: { timeouts } }: Plan, service: PlannedService): number {
  if (service.protocol === 'udp') return timeouts?.udp ?? 300;
  if (service.protocol === 'sctp') return sctpSeconds;
  return isHeld(service) ? (timeouts?.tcp ?? 900) : (timeouts?.tcpfin ?? 120);
}

/** Whether a connection belongs to a service. */
function isOf({ vip, protocol, endpoints }: PlannedService, one: IpvsConnection): boolean {
  return one.protocol === protocol.toUpperCase() && one.vip === vip && endpoints.some(({ port }) => port === one.port);
}

/** Real servers that persistence has bound clients to. The template of a client has the client port 0 (ip_vs_sched_persist). */
function boundClients(
  plan: Plan,
  { vip, fwmark, protocol, endpoints, allPorts, destinations }: PlannedService,
  connections: readonly IpvsConnection[],
): Map<string, string> {
  const owner = fwmark > 0 ? markAddress(fwmark, vip) : vip;
  // The template of a service by mark has the protocol IP. Any other template has the protocol of its service.
  const kind = fwmark > 0 ? 'IP' : protocol.toUpperCase();
  // It has the service's port, or 0: for a mark, for all ports, and for FTP's port (FTPPORT), since it binds data connections as well.
  const [first] = endpoints;
  const port = fwmark > 0 || allPorts || (first && backendAt(first.port)?.dataConnections) ? 0 : first?.port;
  const templates = connections.filter(
    (one) => one.clientPort === 0 && one.vip === owner && one.port === port && one.protocol === kind,
  );
  return new Map(
    templates.flatMap(({ client, realServer }): [string, string][] => {
      const found = destinations.find(({ address }) => address === realServer);
      // The scheduler then chooses again for the client: ip_vs_check_template in ip_vs_conn.c.
      const isVoid = found?.weight === 0 && settingOf(plan, 'expire_quiescent_template') === 1;
      return found && !isVoid ? [[client, found.server]] : [];
    }),
  );
}

/** A mark in the form of a VIP: `union nf_inet_addr fwmark = { .ip = htonl(svc->fwmark) }` in ip_vs_sched_persist. */
function markAddress(mark: number, vip: string): string {
  const bytes = [24, 16, 8, 0].map((shift) => (mark >>> shift) & 255);
  if (familyOf(vip) === 4) return bytes.join('.');
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0'));
  return canonical(`${hex[0]}${hex[1]}:${hex[2]}${hex[3]}::`);
}

function settingOf(plan: Plan, name: string): number | undefined {
  const value = sysctlOf(plan, name);
  return value === undefined ? undefined : Number(value);
}

/** Whether a row of /proc/net/ip_vs is this service. */
function isService(service: PlannedService, found: IpvsService): boolean {
  const { vip, protocol, fwmark } = service;
  if (fwmark > 0) return found.mark === fwmark;
  return found.protocol === protocol.toUpperCase() && found.vip === vip && found.port === portInTable(service);
}

/**
 * The real servers in the order in which they were added, which is the reverse of the director's table, with their weights there
 * and the connections that IPVS knows of each. Where the table lacks one, they are as the plan has them. One that has weight 0 now
 * had the planned weight before, as far as anybody knows.
 */
function serversBefore(service: PlannedService, tableBefore: readonly IpvsService[]): SimulatedServer[] {
  const { destinations } = service;
  const table = tableBefore.find((one) => isService(service, one))?.destinations ?? [];
  const found = [...table].reverse().flatMap(({ address, weight, active, inactive }) => {
    const one = destinations.find((candidate) => candidate.address === address);
    const lastWeight = weight || one?.weight || 0;
    return one ? [{ ...simulated(one), weight, lastWeight, active, inactive }] : [];
  });
  return found.length === destinations.length ? found : destinations.map(simulated);
}

function simulated({ server, address, port, weight, uthreshold, lthreshold }: Destination): SimulatedServer {
  return { name: server, address, port, weight, upper: uthreshold, lower: lthreshold };
}
