import type { Plan, PlannedService } from '../plan/plan.ts';
import { theNode } from '../plan/plan.ts';
import { isAnswered, isRight } from './looks/answered.ts';
import { type Answer, answers, askedOf } from './looks/answers.ts';
import { connections } from './looks/connections.ts';
import { nics } from './looks/nics.ts';
import type { Observations } from './observations.ts';
import { reach, reachedOf } from './reachable/look.ts';
import { capture } from './source/look.ts';
import { strayReplies } from './source/way.ts';

/** The looks that prove an effect. */
export const effectLooks = [answers, connections, capture, nics, reach] as const;

/**
 * Whether the requests proved that a real server does its part, however it is set up: in each of its services it answered
 * requests, all that the director gave it, and its answers came by the planned way.
 */
export function serves(plan: Plan, seen: Observations, node: string): boolean {
  const own = plan.services.filter(({ destinations }) => destinations.some(({ server }) => server === node));
  return own.length > 0 && own.every((service) => servesIn(plan, service, seen, node));
}

function servesIn(plan: Plan, service: PlannedService, seen: Observations, node: string): boolean {
  const all = askedOf(plan, service, seen).answers;
  const given = (answer: Answer) => service.ops || givenTo(plan, service, seen, answer).includes(node);
  const answered = all.filter((answer) => isAnswered(service, answer) && answer.server === node);
  const unanswered = all.filter((answer) => !isAnswered(service, answer));
  const lost = askedOf(plan, service, seen).large.filter(
    ({ status, error }) => error !== undefined || !isRight(service, status),
  );
  const stray = new Set(strayReplies(plan, service, seen).map(({ localPort }) => localPort));
  return (
    answered.length > 0 &&
    answered.every((answer) => given(answer) && !stray.has(answer.localPort)) &&
    ![...unanswered, ...lost].some(given)
  );
}

/** Whether every request was answered, by the real server that the director gave it to, and on the planned way. */
export function worksAsAWhole(plan: Plan, seen: Observations): boolean {
  return plan.services.every((service) => {
    const all = askedOf(plan, service, seen).answers;
    const servers = [...new Set(all.map(({ server = '' }) => server))];
    return all.length > 0 && servers.every((server) => servesIn(plan, service, seen, server));
  });
}

/** Whether a node does its part: a real server as far as its own answers show, any other node as far as all answers do. */
export function getsThrough(plan: Plan, seen: Observations, node: string): boolean {
  const isServer = plan.realServers.some((server) => server.node === node && !server.local);
  return isServer ? serves(plan, seen, node) : worksAsAWhole(plan, seen);
}

/** Whether the director got the right answers from a real server, or from all, at their own addresses. */
export function isReached(plan: Plan, seen: Observations, node?: string): boolean {
  return plan.services.every((service) =>
    reachedOf(plan, service, seen).every(
      ({ server, answer }) => (node !== undefined && server !== node) || answer?.server === server,
    ),
  );
}

/** The real servers to which the director gave a request, as its connection table says: none, or one. */
export function givenTo(
  plan: Plan,
  { vip, protocol, destinations }: PlannedService,
  seen: Observations,
  { localPort }: Pick<Answer, 'localPort'>,
): string[] {
  const { since } = seen.of(connections, theNode(plan, 'director').name);
  const found = since.filter(
    (one) => one.clientPort === localPort && one.vip === vip && one.protocol === protocol.toUpperCase(),
  );
  const names = found.flatMap(({ realServer }) => destinations.filter(({ address }) => address === realServer));
  return [...new Set(names.map(({ server }) => server))];
}
