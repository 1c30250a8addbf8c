import { serviceName } from '../../ipvs/rules.ts';
import type { Endpoint } from '../../model/lab.ts';
import { type Plan, type PlannedService, theNode } from '../../plan/plan.ts';
import { type Answer, parseAnswers } from '../looks/answers.ts';
import { askingPast, clientOf } from '../looks/asking.ts';
import type { Look } from '../looks/look.ts';
import type { Observations } from '../observations.ts';

/** The director's request to one port of a real server, and its result; undefined when the client program printed nothing. */
export interface Reached {
  server: string;
  endpoint: Endpoint;
  answer: Answer | undefined;
}

/** The director's requests to the real servers of each service, by its name. */
export const reach: Look<Map<string, Reached[]>> = {
  name: 'reach',
  about: 'the director sends requests to each real server at its own address (RIP)',
  on(plan, { name }) {
    if (name !== theNode(plan, 'director').name) return undefined;
    return {
      services: plan.services.map((service) => {
        const { client, targets } = askingPast(plan, service);
        return { client: client.name, targets, count: targets.length };
      }),
    };
  },
  needs: ['ask'],
  templates: { after: 'checks/reachable/ask' },
  parse(printed, { services }) {
    const [, ...parts] = printed.in('after').split(/^@@service$/m);
    return new Map(services.map((service, at) => [serviceName(service), reachedIn(service, parts[at] ?? '')]));
  },
};

/** Answers come in the order of askingPast: one server after the other, at each port. */
function reachedIn(service: PlannedService, text: string): Reached[] {
  const answers = parseAnswers(text, clientOf(service));
  const asked = service.destinations.flatMap(({ server }) =>
    service.endpoints.map((endpoint) => ({ server, endpoint })),
  );
  return asked.map((one, at) => ({ ...one, answer: answers[at] }));
}

/** @throws Error when the director did not ask the real servers of this service */
export function reachedOf(plan: Plan, service: PlannedService, seen: Observations): Reached[] {
  const reached = seen.of(reach, theNode(plan, 'director').name).get(serviceName(service));
  if (!reached) throw new Error(`no request was sent to the real servers of ${serviceName(service)}`);
  return reached;
}
