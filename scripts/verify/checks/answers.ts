import type { Picks, SimulatedConnection, SimulatedServer } from '../../ipvs/oracle/simulate.ts';
import type { IpvsConnection, IpvsService } from '../../ipvs/parse.ts';
import { type KnownState, predictions } from '../../ipvs/predict.ts';
import { canonical, familyOf } from '../../model/addresses.ts';
import type { Destination } from '../../model/lab.ts';
import { type Plan, type PlannedService, theNode } from '../../plan/plan.ts';
import { listed, type ServiceJudge } from '../check.ts';
import type { Answer, DirectorSeen, ServiceSeen } from '../observations.ts';

/** A request counts as answered when an answer came that names one of the service's real servers. */
export function isAnswered({ destinations }: PlannedService, { status, server }: Answer): boolean {
  return (status === 200 || status === 226) && destinations.some((one) => one.server === server);
}

/** Whom each request was answered by; undefined where nobody did. */
export function answersOf(service: PlannedService, answers: readonly Answer[]): Picks {
  return answers.map((answer) => (isAnswered(service, answer) ? answer.server : undefined));
}

/** The sequence of answers as a row of digits, x for none: 212x. With ten or more real servers, names. */
export function sequenceText(plan: Plan, servers: readonly (string | undefined)[]): string {
  const numbers = servers.map((server) => {
    const at = plan.realServers.findIndex(({ node }) => node === server);
    return at < 0 ? 'x' : String(at + 1);
  });
  return numbers.join(plan.realServers.length > 9 ? ' ' : '');
}

export const everyRequestAnswered: ServiceJudge = (_plan, service, { answers }, { director }) => {
  const { requests } = service;
  const answered = answers.filter((answer) => isAnswered(service, answer));
  const ok = answered.length === requests && answers.length === requests;
  const failures = new Set(
    answers.flatMap(({ error, status }) => withoutTime(error) ?? (status === 200 ? [] : [`status ${status}`])),
  );
  return {
    id: 'answers',
    title: 'every request is answered',
    ok,
    expected: `${requests} answers`,
    observed: ok ? `${answered.length} answers` : `${answered.length} of ${requests}; ${[...failures].join('; ')}`,
    ...(!ok && { hint: silentServers(service, answers, director.connections) }),
  };
};

/** curl's words without how long it took, so that the same failure is said once. */
function withoutTime(error: string | undefined): string | undefined {
  return error?.replace(/ after \d+ m(illi)?s(econds)?/, '');
}

/** Whom the unanswered requests were given to, by the director's connection table. */
function silentServers(
  service: PlannedService,
  answers: readonly Answer[],
  connections: readonly IpvsConnection[],
): string {
  const unanswered = new Set(answers.filter((one) => !isAnswered(service, one)).map(({ localPort }) => localPort));
  const stuck = connections.filter(({ clientPort }) => unanswered.has(clientPort)).map(({ realServer }) => realServer);
  const silent = service.destinations.filter(({ address }) => stuck.includes(address)).map(({ server }) => server);
  if (silent.length === 0) return 'the requests did not get through the director: see the checks that failed below';
  return `requests given to ${listed(silent)} got no answer: see the checks that failed below`;
}

/** The exact sequence where the scheduler has one. Where rr and wrr start is known only for a table never used. */
export const answersFollowScheduler: ServiceJudge = (plan, service, asked, { director }) => {
  const servers = answersOf(service, asked.answers);
  const predicted = predictedAnswers(plan, service, asked, director);
  const ok =
    servers.length > 0 && servers.every((server, at) => (predicted ? predicted[at] === server : server !== undefined));
  return {
    id: 'sequence',
    title: `answers follow ${service.scheduler}`,
    ok,
    expected: predicted ? sequenceText(plan, predicted) : 'any real server',
    observed: sequenceText(plan, servers) || 'no answers',
    ...(!ok && {
      hint: 'a real server is missing, quiesced (weight 0) or silent, or the requests go past the director: see the other checks',
    }),
  };
};

/**
 * What the oracle says to these requests: of several sequences that may be, the one that agrees longest with the answers.
 * Undefined where nobody can say.
 */
export function predictedAnswers(
  plan: Plan,
  service: PlannedService,
  { answers }: ServiceSeen,
  director: DirectorSeen,
): Picks | undefined {
  const from = theNode(plan, 'client').nics[0]?.address ?? '';
  const held = isHeld(service);
  const connections = answers.map(({ localPort }): SimulatedConnection => {
    return { client: from, clientPort: localPort, held, onePacket: service.ops };
  });
  const remembered = director.connectionsBefore.filter((one) => isOf(service, one));
  const state: KnownState = {
    servers: serversBefore(service, director),
    unused: director.before.connections === 0,
    nextExpiry: Math.min(...remembered.map(({ expires }) => expires)),
    bound: boundClients(plan, service, director.connectionsBefore),
  };
  const seconds = 5 + answers.reduce((sum, answer) => sum + answer.seconds, 0);
  const given = answersOf(service, answers);
  const agreement = (picks: Picks) => {
    const at = picks.findIndex((pick, index) => pick !== given[index]);
    return at < 0 ? picks.length : at;
  };
  return predictions(service, state, connections, seconds, secondsRemembered(plan, service))?.reduce((best, one) =>
    agreement(one) > agreement(best) ? one : best,
  );
}

/** The line echo's client keeps all connections until the last is made. */
function isHeld({ endpoints }: PlannedService): boolean {
  return endpoints.every(({ backend }) => backend === 'echo');
}

/** SCTP_MAX_RTO in ip_vs_proto_sctp.c: how long an association is remembered behind its end. */
const sctpSeconds = 61;

/** For how long IPVS remembers a connection without packets. */
function secondsRemembered({ ipvs: { timeouts } }: Plan, service: PlannedService): number {
  if (service.protocol === 'udp') return timeouts?.udp ?? 300;
  if (isHeld(service)) return timeouts?.tcp ?? 900;
  return service.protocol === 'sctp' ? sctpSeconds : (timeouts?.tcpfin ?? 120);
}

/** Whether a connection, other than a template of persistence, is of a service. */
function isOf({ vip, protocol, endpoints }: PlannedService, one: IpvsConnection): boolean {
  return one.protocol === protocol.toUpperCase() && one.vip === vip && endpoints.some(({ port }) => port === one.port);
}

/** Whom persistence has bound clients to: the template of a client has no port of its own (ip_vs_sched_persist). */
function boundClients(
  plan: Plan,
  { vip, fwmark, protocol, destinations }: PlannedService,
  connections: readonly IpvsConnection[],
): Map<string, string> {
  const owner = fwmark > 0 ? markAddress(fwmark, vip) : vip;
  // Of a service by mark the template is of protocol IP, else of the service's.
  const kind = fwmark > 0 ? 'IP' : protocol.toUpperCase();
  const templates = connections.filter((one) => one.clientPort === 0 && one.vip === owner && one.protocol === kind);
  return new Map(
    templates.flatMap(({ client, realServer }): [string, string][] => {
      const found = destinations.find(({ address }) => address === realServer);
      // ip_vs_check_template in ip_vs_conn.c: such a client is scheduled anew.
      const isVoid = found?.weight === 0 && settingOf(plan, 'expire_quiescent_template') === 1;
      return found && !isVoid ? [[client, found.server]] : [];
    }),
  );
}

/** A mark in the place of the VIP: `union nf_inet_addr fwmark = { .ip = htonl(svc->fwmark) }` in ip_vs_sched_persist. */
function markAddress(mark: number, vip: string): string {
  const bytes = [24, 16, 8, 0].map((shift) => (mark >>> shift) & 255);
  if (familyOf(vip) === 4) return bytes.join('.');
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0'));
  return canonical(`${hex[0]}${hex[1]}:${hex[2]}${hex[3]}::`);
}

function settingOf({ ipvs }: Plan, name: string): number | undefined {
  return ipvs.sysctls.find((one) => one.name === name)?.value;
}

/** A service of /proc/net/ip_vs. */
export function isService({ vip, protocol, fwmark, endpoints }: PlannedService, found: IpvsService): boolean {
  if (fwmark > 0) return found.mark === fwmark;
  return found.protocol === protocol.toUpperCase() && found.vip === vip && found.port === endpoints[0]?.port;
}

/**
 * Real servers as planned, with what IPVS remembers of them, in the order in which they were added: the reverse of the
 * director's table. As the plan has them where the table lacks one.
 */
function serversBefore(service: PlannedService, { tableBefore }: DirectorSeen): SimulatedServer[] {
  const { destinations } = service;
  const table = tableBefore.find((one) => isService(service, one))?.destinations ?? [];
  const found = [...table].reverse().flatMap(({ address, active, inactive }) => {
    const one = destinations.find((candidate) => candidate.address === address);
    return one ? [{ ...simulated(one), active, inactive }] : [];
  });
  return found.length === destinations.length ? found : destinations.map(simulated);
}

function simulated({ server, address, port, weight, uthreshold, lthreshold }: Destination): SimulatedServer {
  return { name: server, address, port, weight, upper: uthreshold, lower: lthreshold };
}
