import { countOf } from '../count-of.ts';
import { type Plan, type PlannedService, serversBy, theNode } from '../plan/plan.ts';
import { type CheckKind, ofEachService, type ServiceJudge } from './check-kind.ts';
import { effectLooks } from './effect.ts';
import { type Failed, failedOf, fateInWords } from './fate.ts';
import type { Hint } from './hint.ts';
import { isAnswered } from './looks/answered.ts';
import { askedOf } from './looks/answers.ts';
import { counters } from './looks/counters.ts';
import { isTooLarge } from './looks/heard.ts';
import { kernel } from './looks/kernel.ts';
import { order } from './looks/order.ts';
import { predictedAnswers } from './looks/predicted.ts';
import { nameOf } from './nodes.ts';
import type { Observations } from './observations.ts';
import { heardBy } from './source/way.ts';

const judge: ServiceJudge = (plan, service, seen) => {
  const { requests } = service;
  const all = askedOf(plan, service, seen).answers;
  const failed = failedOf(plan, service, seen);
  const answered = all.filter((answer) => isAnswered(service, answer)).length;
  const ok = answered === requests && all.length === requests;
  const seenInstead = [...new Set(failed.map(({ what }) => what)), ...complaints(plan, seen)];
  return {
    title: 'every request is answered',
    ok,
    expected: countOf(requests, 'answer'),
    observed: ok ? countOf(answered, 'answer') : `${answered} of ${requests}; ${seenInstead.join('; ')}`,
    ...(!ok && { hint: hintOf(plan, service, seen, failed) }),
  };
};

/** ICMP errors with their senders, each once. A packet that is too large for a tunnel causes one in a healthy lab as well. */
function complaints(plan: Plan, seen: Observations): string[] {
  const grave = heardBy(plan, seen).complaints.filter((one) => !isTooLarge(one));
  return [...new Set(grave.map(({ sender, text }) => `${nameOf(plan, seen, sender)} says ${text}`))].slice(0, 2);
}

function hintOf(plan: Plan, service: PlannedService, seen: Observations, failed: readonly Failed[]): Hint {
  const { destinations } = service;
  const given = failed.filter(({ server }) => server !== undefined);
  const [most] = given.sort((one, other) => other.ports.length - one.ports.length);
  if (!most) {
    const predicted = predictedAnswers(plan, service, seen);
    const refused = askedOf(plan, service, seen).answers.flatMap((answer, at) =>
      !isAnswered(service, answer) && predicted && predicted[at] === undefined ? [answer] : [],
    );
    if (refused.length > 0) {
      const cause = `${service.scheduler} gives ${countOf(refused.length, 'request')} to no real server, as its model says`;
      return { cause, commands: [{ on: theNode(plan, 'director').name, run: 'ipvsadm -Ln' }], see: ['table'] };
    }
    const cause = 'the director’s connection table has none of these requests';
    return { cause, commands: [], see: ['table', 'director-vip', 'arp-owner'] };
  }
  const names = [...new Set(given.map(({ server }) => server))];
  const byNat = destinations.some(({ server, mode }) => names.includes(server) && mode === 'nat');
  const behind = byNat ? ['gateway', 'forwarding'] : ['vip'];
  const see = serversBy(plan, 'nat', 'dr', 'tun').some(({ node }) => names.includes(node)) ? behind : [];
  const others = names.length > 1 ? `; ${names.length - 1} more like that` : '';
  return { cause: `${fateInWords(most)}${others}`, commands: [], see: ['listening', 'reachable', ...see, 'firewall'] };
}

export const answers: CheckKind = {
  id: 'answers',
  about: 'every request is answered by one of the service’s real servers',
  faults: [],
  looks: [...effectLooks, counters, order, kernel],
  judge: ofEachService(judge),
};
