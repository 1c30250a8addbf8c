import type { Plan } from '../plan/plan.ts';
import { type CheckKind, ofEachService, type ServiceJudge } from './check-kind.ts';
import type { Hint } from './hint.ts';
import { answersOf } from './looks/answered.ts';
import { answers, askedOf } from './looks/answers.ts';
import { connections } from './looks/connections.ts';
import { counters } from './looks/counters.ts';
import { kernel } from './looks/kernel.ts';
import { order } from './looks/order.ts';
import { predictedAnswers } from './looks/predicted.ts';

const judge: ServiceJudge = (plan, service, seen) => {
  const servers = answersOf(service, askedOf(plan, service, seen).answers);
  const predicted = predictedAnswers(plan, service, seen);
  const ok =
    servers.length > 0 && servers.every((server, at) => (predicted ? predicted[at] === server : server !== undefined));
  return {
    title: `answers follow ${service.scheduler}`,
    ok,
    expected: predicted ? sequenceText(plan, predicted) : 'any real server',
    observed: sequenceText(plan, servers) || 'no answers',
    ...(!ok && { hint: hintOf(servers) }),
  };
};

function hintOf(servers: readonly (string | undefined)[]): Hint {
  const unanswered = servers.filter((server) => server === undefined).length;
  if (unanswered > 0 || servers.length === 0) {
    return { cause: 'a request without an answer has no place in the sequence', commands: [], see: ['answers'] };
  }
  const cause = 'the answers came from other real servers than the scheduler’s model predicts';
  return { cause, commands: [], see: ['counted', 'table'] };
}

export const sequence: CheckKind = {
  id: 'sequence',
  about: 'the real servers answer in the order that a model of the kernel’s scheduler predicts',
  faults: [],
  looks: [answers, counters, order, connections, kernel],
  judge: ofEachService(judge),
};

/** The real servers that answered, as digits, with x for no answer: 212x. With ten or more real servers, their names. */
export function sequenceText(plan: Plan, servers: readonly (string | undefined)[]): string {
  const numbers = servers.map((server) => {
    const at = plan.realServers.findIndex(({ node }) => node === server);
    return at < 0 ? 'x' : String(at + 1);
  });
  return numbers.join(plan.realServers.length > 9 ? ' ' : '');
}
