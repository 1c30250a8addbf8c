import { countOf } from '../count-of.ts';
import { type Plan, type PlannedService, serversBy, theNode } from '../plan/plan.ts';
import { named } from './check.ts';
import { type CheckKind, ofEachService, type ServiceJudge } from './check-kind.ts';
import type { Hint } from './hint.ts';
import { isAnswered, isRight, withoutTime } from './looks/answered.ts';
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
        withoutTime(error) ??
        (isRight(service, status) ? 'an answer that names no real server of the service' : `status ${status}`),
    ),
  );
  const { since } = seen.of(connections, theNode(plan, 'director').name);
  const ports = new Set(unanswered.map(({ localPort }) => localPort));
  const stuck = since.filter(({ clientPort }) => ports.has(clientPort)).map(({ realServer }) => realServer);
  return {
    title: 'every request is answered',
    ok,
    expected: countOf(requests, 'answer'),
    observed: ok ? countOf(answered, 'answer') : `${answered} of ${requests}; ${[...failures].join('; ')}`,
    ...(!ok && { hint: hintOf(plan, service, stuck) }),
  };
};

/** @param stuck addresses of real servers that the director gave the unanswered requests to */
function hintOf(plan: Plan, { destinations }: PlannedService, stuck: readonly string[]): Hint {
  const given = destinations.filter(({ address }) => stuck.includes(address));
  if (given.length === 0) {
    const cause = 'the director’s connection table has none of these requests';
    return { cause, commands: [], see: ['table', 'director-vip', 'arp-owner'] };
  }
  const names = given.map(({ server }) => server);
  const byNat = given.some(({ mode }) => mode === 'nat');
  const behind = byNat ? ['gateway', 'forwarding'] : ['vip'];
  const see = serversBy(plan, 'nat', 'dr', 'tun').some(({ node }) => names.includes(node)) ? behind : [];
  return {
    cause: `the director gave these requests to ${named(names)}`,
    commands: [],
    see: ['reachable', ...see, 'firewall'],
  };
}

export const answers: CheckKind = {
  id: 'answers',
  about: 'every request is answered by one of the service’s real servers',
  faults: [],
  looks: [answersLook, connections],
  judge: ofEachService(judge),
};
