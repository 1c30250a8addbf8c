import type { Picks } from '../ipvs/oracle/simulate.ts';
import type { PlannedService } from '../plan/plan.ts';
import type { Answer } from './observations.ts';

/**
 * A request counts as answered when an answer came that names one of the service's real servers. Of HTTP status is 200; of FTP
 * the last reply's, which is 226 or that to QUIT, 221.
 */
export function isAnswered({ destinations }: PlannedService, { status, server, error }: Answer): boolean {
  return error === undefined && [200, 221, 226].includes(status) && destinations.some((one) => one.server === server);
}

/** Whom each request was answered by; undefined where nobody did. */
export function answersOf(service: PlannedService, answers: readonly Answer[]): Picks {
  return answers.map((answer) => (isAnswered(service, answer) ? answer.server : undefined));
}

/** curl's words without how long it took, so that the same failure is said once. */
export function withoutTime(error: string | undefined): string | undefined {
  return error?.replace(/ after \d+ m(illi)?s(econds)?/, '');
}
