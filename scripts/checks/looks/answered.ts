import type { Picks } from '../../ipvs/oracle/simulate.ts';
import type { PlannedService } from '../../plan/plan.ts';
import type { Answer } from './answers.ts';
import { backendsOf } from './asking.ts';

/** Whether an answer has the right status and names one of the service's real servers. */
export function isAnswered(service: PlannedService, { status, server, error }: Answer): boolean {
  const right = error === undefined && isRight(service, status);
  return right && service.destinations.some((one) => one.server === server);
}

/** Whether a backend of the service answers with this status when all is well. */
export function isRight(service: Pick<PlannedService, 'endpoints'>, status: number): boolean {
  return backendsOf(service).some(({ statuses }) => statuses.includes(status));
}

/** The real server that answered each request; undefined where none did. */
export function answersOf(service: PlannedService, answers: readonly Answer[]): Picks {
  return answers.map((answer) => (isAnswered(service, answer) ? answer.server : undefined));
}

/** An error of curl without the time that it took, so that equal failures read the same. */
export function withoutTime(error: string | undefined): string | undefined {
  return error?.replace(/ after \d+ m(illi)?s(econds)?/, '');
}
