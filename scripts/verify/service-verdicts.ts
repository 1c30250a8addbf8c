import { givenTo } from '../checks/effect.ts';
import { isAnswered, isRight } from '../checks/looks/answered.ts';
import { type Answer, askedOf } from '../checks/looks/answers.ts';
import { predictedAnswers } from '../checks/looks/predicted.ts';
import type { Observations } from '../checks/observations.ts';
import { isIll } from '../checks/pace.ts';
import type { Picks } from '../ipvs/oracle/simulate.ts';
import { serviceName } from '../ipvs/rules.ts';
import { inUse, type Plan, type PlannedService } from '../plan/plan.ts';

/** The requests to a service, and what became of them. */
export interface ServiceVerdict {
  /** `TCP 192.168.1.3:80` */
  name: string;
  service: PlannedService;
  answers: Answer[];
  /** The real server that the scheduler's model chooses for each request; undefined where it cannot be known. */
  predicted: Picks | undefined;
  /** The real server that the director gave each request to; undefined where its connection table has no entry of it. */
  given: Picks;
  /** Real servers that did not answer all that they were given, or late, or only what is short; all if nobody was given a request. */
  hurt: string[];
}

export function serviceVerdicts(plan: Plan, seen: Observations): ServiceVerdict[] {
  return plan.services.map((service) => ({
    name: serviceName(service),
    service,
    answers: askedOf(plan, service, seen).answers,
    predicted: predictedAnswers(plan, service, seen),
    given: askedOf(plan, service, seen).answers.map((answer) => givenTo(plan, service, seen, answer)[0]),
    hurt: hurtIn(plan, service, seen),
  }));
}

function hurtIn(plan: Plan, service: PlannedService, seen: Observations): string[] {
  const { answers, large } = askedOf(plan, service, seen);
  const failed = [
    ...answers.filter((answer) => !isAnswered(service, answer)),
    ...large.filter(({ status, error }) => error !== undefined || !isRight(service, status)),
  ];
  // A request that no real server was given could have gone to each.
  const given = failed.flatMap((answer) => {
    const servers = givenTo(plan, service, seen, answer);
    return servers.length > 0 ? servers : inUse(service).map(({ server }) => server);
  });
  const ill = service.destinations.map(({ server }) => server).filter((server) => isIll(plan, seen, server));
  return [...new Set([...given, ...ill])];
}
