import type { Picks, SimulatedServer } from '../../ipvs/oracle/simulate.ts';
import type { IpvsConnection } from '../../ipvs/parse.ts';
import { type KnownState, predictions } from '../../ipvs/predict.ts';
import { type Plan, type PlannedRealServer, theNode } from '../../plan/plan.ts';
import { type Judge, listed } from '../check.ts';
import type { Answer, DirectorSeen, Observations } from '../observations.ts';

/** A request counts as answered when a page came that names one of the lab's real servers. */
export function isAnswered(plan: Plan, { status, server }: Answer): boolean {
  return status === 200 && plan.realServers.some(({ node }) => node === server);
}

/** The sequence of answers as a row of digits, x for none: 212x. With ten or more real servers, names. */
export function sequenceText(plan: Plan, servers: readonly (string | undefined)[]): string {
  const numbers = servers.map((server) => {
    const at = plan.realServers.findIndex(({ node }) => node === server);
    return at < 0 ? 'x' : String(at + 1);
  });
  return numbers.join(plan.realServers.length > 9 ? ' ' : '');
}

export const everyRequestAnswered: Judge = (plan, { client, director }) => {
  const answered = client.answers.filter((answer) => isAnswered(plan, answer));
  const ok = answered.length === plan.requests && client.answers.length === plan.requests;
  const failures = new Set(
    client.answers.flatMap(({ error, status }) => withoutTime(error) ?? (status === 200 ? [] : [`HTTP ${status}`])),
  );
  return {
    id: 'answers',
    title: 'every request is answered',
    ok,
    expected: `${plan.requests} answers`,
    observed: ok ? `${answered.length} answers` : `${answered.length} of ${plan.requests}; ${[...failures].join('; ')}`,
    ...(!ok && { hint: silentServers(plan, client.answers, director.connections) }),
  };
};

/** curl's words without how long it took, so that the same failure is said once. */
function withoutTime(error: string | undefined): string | undefined {
  return error?.replace(/ after \d+ m(illi)?s(econds)?/, '');
}

/** Whom the unanswered requests were given to, by the director's connection table. */
function silentServers(plan: Plan, answers: readonly Answer[], connections: readonly IpvsConnection[]): string {
  const unanswered = new Set(answers.filter((answer) => !isAnswered(plan, answer)).map(({ localPort }) => localPort));
  const stuck = connections.filter(({ clientPort }) => unanswered.has(clientPort)).map(({ realServer }) => realServer);
  const silent = plan.realServers.filter(({ address }) => stuck.includes(address)).map(({ node }) => node);
  if (silent.length === 0) return 'the requests did not get through the director: see the checks that failed below';
  return `requests given to ${listed(silent)} got no answer: see the checks that failed below`;
}

/** The exact sequence where the scheduler has one. Where rr and wrr start is known only for a table never used. */
export const answersFollowScheduler: Judge = (plan, seen) => {
  const servers = seen.client.answers.map((answer) => (isAnswered(plan, answer) ? answer.server : undefined));
  const { scheduler } = plan.service;
  const predicted = predictedAnswers(plan, seen);
  const ok =
    servers.length > 0 && servers.every((server, at) => (predicted ? predicted[at] === server : server !== undefined));
  return {
    id: 'sequence',
    title: `answers follow ${scheduler}`,
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
export function predictedAnswers(plan: Plan, { client, director }: Observations): Picks | undefined {
  const from = theNode(plan, 'client').nics[0]?.address ?? '';
  const connections = client.answers.map(({ localPort }) => ({ client: from, clientPort: localPort, held: false }));
  const remembered = director.connectionsBefore.filter(({ vip, port }) => isOurs(plan, vip, port));
  const state: KnownState = {
    servers: serversBefore(plan, director),
    unused: director.before.connections === 0,
    nextExpiry: Math.min(...remembered.map(({ expires }) => expires)),
    // The template of a persistent client has no port of its own.
    bound: new Map(
      remembered
        .filter(({ clientPort }) => clientPort === 0)
        .flatMap(({ client: bound, realServer }): [string, string][] => {
          const server = plan.realServers.find(({ address }) => address === realServer);
          // ip_vs_check_template in ip_vs_conn.c: such a client is scheduled anew.
          const isVoid = server?.weight === 0 && settingOf(plan, 'expire_quiescent_template') === 1;
          return server && !isVoid ? [[bound, server.node]] : [];
        }),
    ),
  };
  const seconds = 5 + client.answers.reduce((sum, answer) => sum + answer.seconds, 0);
  const answers = client.answers.map((answer) => (isAnswered(plan, answer) ? answer.server : undefined));
  const agreement = (picks: Picks) => {
    const at = picks.findIndex((pick, index) => pick !== answers[index]);
    return at < 0 ? picks.length : at;
  };
  const remembers = plan.ipvs.timeouts?.tcpfin ?? 120;
  return predictions(plan.service, state, connections, seconds, remembers)?.reduce((best, one) =>
    agreement(one) > agreement(best) ? one : best,
  );
}

function isOurs({ service }: Plan, vip: string, port: number): boolean {
  return vip === service.vip && (port === service.port || port === 0);
}

function settingOf({ ipvs }: Plan, name: string): number | undefined {
  return ipvs.sysctls.find((one) => one.name === name)?.value;
}

/**
 * Real servers as planned, with what IPVS remembers of them, in the order in which they were added: the reverse of the
 * director's table. As the plan has them where the table lacks one.
 */
function serversBefore(plan: Plan, { tableBefore }: DirectorSeen): SimulatedServer[] {
  const table =
    tableBefore.find(({ protocol, vip, port }) => protocol === 'TCP' && isOurs(plan, vip, port))?.destinations ?? [];
  const found = [...table].reverse().flatMap(({ address, active, inactive }) => {
    const server = plan.realServers.find((one) => one.address === address);
    return server ? [{ ...simulated(server), active, inactive }] : [];
  });
  return found.length === plan.realServers.length ? found : plan.realServers.map(simulated);
}

function simulated({ node, address, port, weight, uthreshold, lthreshold }: PlannedRealServer): SimulatedServer {
  return { name: node, address, port, weight, upper: uthreshold, lower: lthreshold };
}
