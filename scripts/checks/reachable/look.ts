import { serviceName } from '../../ipvs/rules.ts';
import { theNode } from '../../plan/plan.ts';
import { type Answer, parseAnswers } from '../looks/answers.ts';
import { askingPast, clientOf } from '../looks/asking.ts';
import type { Look } from '../looks/look.ts';

/** The director's requests to the real servers of each service, by its name: one server after the other, at each port. */
export const reach: Look<Map<string, Answer[]>> = {
  name: 'reach',
  about: 'the director sends requests to each real server by its own address',
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
    return new Map(
      services.map((service, at) => [serviceName(service), parseAnswers(parts[at] ?? '', clientOf(service))]),
    );
  },
};
