import type { Daemon } from '../../backends/backend.ts';
import { backendOf } from '../../backends/index.ts';
import { countOf } from '../../count-of.ts';
import { named } from '../check.ts';
import { type CheckKind, ofEachService, type ServiceJudge } from '../check-kind.ts';
import type { Hint } from '../hint.ts';
import { withoutTime } from '../looks/answered.ts';
import type { Answer } from '../looks/answers.ts';
import { type Reached, reach, reachedOf } from './look.ts';

/** A port of a real server that did not answer as it should. */
interface Failure {
  server: string;
  port: number;
  daemon: Daemon;
  /** What came instead: `status 403`, or the error of the client program. */
  what: string;
}

const judge: ServiceJudge = (plan, service, seen) => {
  const reached = reachedOf(plan, service, seen);
  const failures = reached.flatMap(failureIn);
  const several = service.endpoints.length > 1;
  const [first] = failures;
  return {
    title: 'real servers answer at their own addresses',
    ok: first === undefined,
    expected: `${countOf(reached.length, 'answer')} to the director’s requests`,
    observed: first
      ? failures.map(({ server, port, what }) => `${server}: ${several ? `port ${port}: ` : ''}${what}`).join('; ')
      : countOf(reached.length, 'answer'),
    ...(first && { hint: hintOf(first, failures) }),
  };
};

function failureIn({ server, endpoint: { port, backend }, answer }: Reached): Failure[] {
  if (answer?.server === server) return [];
  const { daemon } = backendOf(backend);
  return [{ server, port, daemon, what: whatCame(answer) }];
}

function whatCame(answer: Answer | undefined): string {
  if (!answer) return 'no answer';
  const { error, server, status } = answer;
  return error ?? (server ? `${server} answers there` : `status ${status}, without the name of a real server`);
}

/** The hint names the first failure, and all real servers with the same failure. */
function hintOf({ server, port, daemon, what }: Failure, failures: readonly Failure[]): Hint {
  const same = failures.filter((one) => one.daemon === daemon && alike(one.what) === alike(what));
  const names = named([...new Set(same.map((one) => one.server))]);
  return {
    cause: `port ${port} of ${names} (${daemon.name}): ${alike(what)}`,
    commands: [`systemctl status ${daemon.unit}`, daemon.log].map((run) => ({ on: server, run })),
    see: ['firewall'],
  };
}

/** The text of a failure without the server's name and the time, so that equal failures read the same. */
function alike(what: string): string {
  return (withoutTime(what) ?? what).replace(/^Failed to connect to \S+ port \d+: /, '');
}

export const reachable: CheckKind = {
  id: 'reachable',
  about: 'each real server answers the director at its own address (RIP), without IPVS',
  faults: ['daemon-down'],
  looks: [reach],
  judge: ofEachService(judge),
};
