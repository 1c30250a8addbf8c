import { type PlannedService, theNode } from '../plan/plan.ts';
import { isAnswered, isRight, withoutTime } from '../verify/answered.ts';
import { listed } from './check.ts';
import { type CheckKind, ofEachService, type ServiceJudge } from './check-kind.ts';
import { answers as answersLook, askedOf } from './looks/answers.ts';
import { connections } from './looks/connections.ts';

const judge: ServiceJudge = (plan, service, seen) => {
  const { requests } = service;
  const all = askedOf(plan, service, seen).answers;
  const unanswered = all.filter((answer) => !isAnswered(service, answer));
  const answered = all.length - unanswered.length;
  const ok = answered === requests && all.length === requests;
  const failures = new Set(
    unanswered.map(
      ({ error, status }) =>
        withoutTime(error) ?? (isRight(service, status) ? 'a page of nobody here' : `status ${status}`),
    ),
  );
  const { since } = seen.of(connections, theNode(plan, 'director').name);
  const ports = new Set(unanswered.map(({ localPort }) => localPort));
  const stuck = since.filter(({ clientPort }) => ports.has(clientPort)).map(({ realServer }) => realServer);
  return {
    title: 'every request is answered',
    ok,
    expected: `${requests} answers`,
    observed: ok ? `${answered} answers` : `${answered} of ${requests}; ${[...failures].join('; ')}`,
    ...(!ok && { hint: hintOf(service, stuck) }),
  };
};

/** @param stuck addresses of real servers that the director gave the unanswered requests to */
function hintOf({ destinations }: PlannedService, stuck: readonly string[]): string {
  const silent = destinations.filter(({ address }) => stuck.includes(address)).map(({ server }) => server);
  if (silent.length === 0) return 'the requests did not get through the director: see the checks that failed below';
  return `requests given to ${listed(silent)} got no answer: see the checks that failed below`;
}

export const answers: CheckKind = {
  id: 'answers',
  about: 'every request is answered by one of the service’s real servers',
  faults: [],
  looks: [answersLook, connections],
  judge: ofEachService(judge),
};
