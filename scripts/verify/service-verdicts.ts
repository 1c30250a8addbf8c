import { givenTo } from '../checks/effect.ts';
import { type Answer, askedOf } from '../checks/looks/answers.ts';
import { predictedAnswers } from '../checks/looks/predicted.ts';
import type { Observations } from '../checks/observations.ts';
import type { Picks } from '../ipvs/oracle/simulate.ts';
import { serviceName } from '../ipvs/rules.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';

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
}

export function serviceVerdicts(plan: Plan, seen: Observations): ServiceVerdict[] {
  return plan.services.map((service) => ({
    name: serviceName(service),
    service,
    answers: askedOf(plan, service, seen).answers,
    predicted: predictedAnswers(plan, service, seen),
    given: askedOf(plan, service, seen).answers.map((answer) => givenTo(plan, service, seen, answer)[0]),
  }));
}
