import type { IpvsConnection } from '../../ipvs/parse.ts';
import type { Plan, PlannedService } from '../../plan/plan.ts';
import { answersOf, isAnswered, isRight, withoutTime } from '../answered.ts';
import { listed, type ServiceJudge } from '../check.ts';
import type { Answer } from '../observations.ts';
import { predictedAnswers } from '../predicted.ts';

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
    answers
      .filter((answer) => !isAnswered(service, answer))
      .map(
        ({ error, status }) =>
          withoutTime(error) ?? (isRight(service, status) ? 'a page of nobody here' : `status ${status}`),
      ),
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
