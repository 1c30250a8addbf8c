import { tableOf } from '../ipvs/rules.ts';
import { inUse, type Plan, type PlannedService, theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { serviceInKernel } from './kernel-table.ts';
import { nameWithService } from './servers.ts';
import { sh } from './sh.ts';
import { changed, type Sign } from './sign.ts';
import { sharesOf } from './symptom.ts';

const schedulerChanged: Sign = (change) => {
  const schedulerIn = (text = '') => /-s (\S+)/.exec(text)?.[1];
  return changed('ipvs', /^-\S+ \S+$/, { before: /-s /, after: /-s / })(change).filter(
    ({ before, after }) => schedulerIn(before) !== 'sh' && schedulerIn(after) === 'sh',
  );
};

export const schedulerWrong: Fault = {
  id: 'scheduler-wrong',
  family: 'ipvs',
  title: 'the scheduler of a service is sh instead of one that takes turns',
  cause: 'sh chooses by the address of the client, so one client always gets the same real server.',
  sign: schedulerChanged,
  places: (plan) => {
    const director = theNode(plan, 'director').name;
    return takingTurns(plan).map((service) => {
      const { name, options } = tableOf(service);
      const servers = inUse(service).map(({ server }) => server);
      return {
        name: nameWithService(plan, director, service),
        nodes: [director],
        make: [{ on: director, run: sh`ipvsadm -E ${[...name.split(' '), '-s', 'sh', ...words(options)]}` }],
        witness: serviceInKernel(director, service, '$3 == "sh"'),
        symptom: { kind: 'one server', of: sharesOf(plan, servers, [service]) },
      };
    });
  },
};

/** Services whose requests from one client go to several real servers. */
export function takingTurns(plan: Plan): PlannedService[] {
  // With health checks another program manages the table.
  if (plan.health) return [];
  return plan.services.filter((service) => {
    const { scheduler, persistence, ops } = service;
    return inUse(service).length > 1 && ['rr', 'wrr', 'lc', 'wlc'].includes(scheduler) && persistence === 0 && !ops;
  });
}

export function words(options: string): string[] {
  return options.split(' ').filter(Boolean);
}
