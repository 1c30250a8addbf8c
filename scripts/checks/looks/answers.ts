import type { Client } from '../../backends/backend.ts';
import { serviceName } from '../../ipvs/rules.ts';
import { type Plan, type PlannedService, theNode } from '../../plan/plan.ts';
import type { Observations } from '../observations.ts';
import { clientOf } from './asking.ts';
import type { Look } from './look.ts';

/** One request and its result. */
export interface Answer {
  /** HTTP status, or FTP's 226; 200 for an answer of a protocol without a status; 0 for no answer. */
  status: number;
  /** The real server that the answer names. */
  server: string | undefined;
  /** The client's port: a new one for each connection, except with one-packet scheduling. */
  localPort: number;
  seconds: number;
  /** What the client program printed when it failed. */
  error: string | undefined;
}

/** The requests to one service. */
export interface Asked {
  /** Source port of the first request. */
  firstPort: number;
  /** The difference between the source ports of one request and the next; 0 when all have the same port. */
  step: number;
  answers: Answer[];
  /** The results of the large requests, which followed. Their answers name no real server. */
  large: Answer[];
}

/** The client's requests, by the service's name (serviceName in ipvs/rules.ts). */
export const answers: Look<Map<string, Asked>> = {
  name: 'answers',
  about: 'the client sends the requests one after the other, each from another source port',
  on: (_plan, { role }) => (role === 'client' ? {} : undefined),
  needs: ['ask'],
  templates: { during: 'checks/looks/answers' },
  parse: (printed, { services }) => parseAsked(printed.during().join(''), services),
};

/** @throws Error when the client did not send requests to this service */
export function askedOf(plan: Plan, service: PlannedService, seen: Observations): Asked {
  const asked = seen.of(answers, theNode(plan, 'client').name).get(serviceName(service));
  if (!asked) throw new Error(`no requests were sent to ${serviceName(service)}`);
  return asked;
}

/** The answers of all services. */
export function allAnswers(plan: Plan, seen: Observations): Answer[] {
  return plan.services.flatMap((service) => askedOf(plan, service, seen).answers);
}

/** For each service, in the plan's order, a line `@@service FIRST-PORT STEP`, and below it the answers. */
export function parseAsked(text: string, services: readonly PlannedService[]): Map<string, Asked> {
  const [, ...parts] = text.split(/^@@service /m);
  return new Map(
    parts.slice(0, services.length).flatMap((part, index): [string, Asked][] => {
      const [, firstPort, step] = /^(\d+) (\d+)$/m.exec(part) ?? [];
      const service = services[index];
      if (!service) return [];
      return [
        [
          serviceName(service),
          askedFrom(Number(firstPort), Number(step), parseAnswers(part, clientOf(service)), service),
        ],
      ];
    }),
  );
}

/** curl reports no port for a connection that failed, and for FTP the port of the data connection. */
function askedFrom(
  firstPort: number,
  step: number,
  found: readonly Answer[],
  { requests }: Pick<PlannedService, 'requests'>,
): Asked {
  const portOf = ({ localPort }: Answer, at: number) => (localPort > 0 && step < 2 ? localPort : firstPort + at * step);
  const all = found.map((answer, at) => ({ ...answer, localPort: portOf(answer, at) }));
  return { firstPort, step, answers: all.slice(0, requests), large: all.slice(requests) };
}

/** Pages, each followed by its line `@@answer STATUS PORT SECONDS EXIT-CODE ERROR`; some clients print the time in their own way. */
export function parseAnswers(text: string, { seconds: ownSeconds }: Client): Answer[] {
  const found: Answer[] = [];
  let page = '';
  for (const line of text.split('\n')) {
    const end = /^@@answer (\d+) (-?\d+) ([\d.]+) (\d+) ?(.*)$/.exec(line);
    if (!end) {
      page += `${line}\n`;
      continue;
    }
    const [, status, localPort, seconds, exitCode, error] = end;
    found.push({
      status: Number(status),
      server: /This is real server ([a-z0-9-]+)/.exec(page)?.[1],
      localPort: Number(localPort),
      seconds: ownSeconds?.(page) ?? Number(seconds),
      error: exitCode === '0' ? undefined : error || `exit code ${exitCode}`,
    });
    page = '';
  }
  return found;
}
