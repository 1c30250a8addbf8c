import { countOf } from '../count-of.ts';
import { portOf } from '../ipvs/rules.ts';
import { joinAddress } from '../model/addresses.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';
import { labArgument } from '../render/lab-argument.ts';
import { named } from './check.ts';
import { type CheckKind, ofEachService, type ServiceJudge } from './check-kind.ts';
import { effectLooks, givenTo } from './effect.ts';
import { whatCame } from './fate.ts';
import type { Hint } from './hint.ts';
import { addresses } from './looks/addresses.ts';
import { isAnswered, isRight } from './looks/answered.ts';
import { type Answer, askedOf } from './looks/answers.ts';
import { largeOf } from './looks/asking.ts';
import { tcpCounters } from './looks/tcp-counters.ts';
import type { Observations } from './observations.ts';
import { isIll, manyTries } from './pace.ts';

const judge: ServiceJudge = (plan, service, seen) => {
  const count = largeOf(service);
  if (count === 0) return undefined;
  const all = askedOf(plan, service, seen).large;
  const failed = all.filter(({ status, error }) => error !== undefined || !isRight(service, status));
  const servers = [...new Set(failed.flatMap((answer) => givenTo(plan, service, seen, answer)))];
  // The way to these real servers loses packets of any size, not only large ones: that is a warning.
  const ill =
    failed.length > 0 &&
    servers.length > 0 &&
    servers.every((server) => isIll(plan, seen, server, manyTries(plan, seen)));
  const complete = failed.length === 0 && all.length === count;
  const observed = complete ? countOf(count, 'answer') : `${all.length - failed.length} of ${count}`;
  const words = [observed, ...failedInWords(plan, service, seen, failed)].join('; ');
  const ok = complete || (ill && all.length === count && failed.length < count);
  return {
    title: 'requests and answers of 20,000 bytes get through',
    ok,
    expected: countOf(count, 'answer'),
    observed: words,
    ...(ok &&
      !complete && { warning: `${words}; small requests to ${named(servers)} were slow or sent again as well` }),
    ...(!ok && { hint: hintOf(plan, service, seen, failed) }),
  };
};

/** `rs1: Operation timed out`, each text once. */
function failedInWords(plan: Plan, service: PlannedService, seen: Observations, failed: readonly Answer[]): string[] {
  const all = failed.map((answer) => {
    const [server] = givenTo(plan, service, seen, answer);
    return `${server ? `${server}: ` : ''}${whatCame(service, answer)}`;
  });
  return [...new Set(all)];
}

function hintOf(plan: Plan, service: PlannedService, seen: Observations, failed: readonly Answer[]): Hint {
  const small = askedOf(plan, service, seen).answers;
  const servers = [...new Set(failed.flatMap((answer) => givenTo(plan, service, seen, answer)))];
  const which = plan.services.length > 1 ? ` --service ${joinAddress(service.vip, portOf(service))}` : '';
  const path = (to: string) => ({ lab: `path ${labArgument(plan)}${which}${to} --size 20000` });
  if (servers.length === 0 && small.every((answer) => isAnswered(service, answer))) {
    const cause = 'small requests are answered, and large ones are not; which real servers got them is not known';
    return { cause, commands: [path('')], see: ['mtu', 'firewall'] };
  }
  // Whoever answers with another status has got the request.
  const answered = failed.length > 0 && failed.every(({ status, error }) => status > 0 && error === undefined);
  if (answered) {
    const statuses = [...new Set(failed.map(({ status }) => status))].join(' and ');
    const cause = `${servers.length > 0 ? named(servers) : 'a real server'} answers large requests with status ${statuses}`;
    return { cause, commands: [path(servers[0] ? ` --to ${servers[0]}` : '')], see: [] };
  }
  const works = (server: string) => {
    const given = small.filter((answer) => givenTo(plan, service, seen, answer).includes(server));
    return given.length > 0 && given.every((answer) => isAnswered(service, answer));
  };
  const hanging = servers.filter(works);
  if (hanging.length === 0) {
    return { cause: 'small requests fail as well', commands: [], see: ['answers', 'counted'] };
  }
  const cause = `small requests to ${named(hanging)} are answered, and large ones are not: packets of full size seem to be dropped`;
  return { cause, commands: [path(` --to ${hanging[0]}`)], see: ['mtu', 'firewall'] };
}

export const large: CheckKind = {
  id: 'large',
  about: 'requests and answers of several full packets get through, for backends that can make them',
  faults: [],
  looks: [...effectLooks, tcpCounters, addresses],
  judge: ofEachService(judge),
};
