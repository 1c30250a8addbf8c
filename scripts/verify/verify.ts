import type { Check } from '../checks/check.ts';
import { judge } from '../checks/judge.ts';
import { type Answer, askedOf } from '../checks/looks/answers.ts';
import { predictedAnswers } from '../checks/looks/predicted.ts';
import { drills } from '../drills/index.ts';
import type { PowerControl } from '../drills/power-control.ts';
import { runDrills } from '../drills/run.ts';
import type { Picks } from '../ipvs/oracle/simulate.ts';
import { serviceName } from '../ipvs/rules.ts';
import type { PlannedService } from '../plan/plan.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import type { Templates } from '../render/render.ts';
import { observe } from './observe.ts';

export interface Verdict {
  ok: boolean;
  services: ServiceVerdict[];
  checks: Check[];
}

export interface ServiceVerdict {
  /** `TCP 192.168.1.3:80` */
  name: string;
  service: PlannedService;
  answers: Answer[];
  /** Whom the oracle expected each answer from; undefined where nobody can say. */
  predicted: Picks | undefined;
}

/**
 * Asks the services and looks at every node, then judges. May be repeated at will. It changes nothing but this: a web site
 * gets a post, a picture and a file, and the drills of a lab that is set up to outlive failures take something and put it back.
 */
export async function verify(lab: ProvisionedLab, templates: Templates, power: PowerControl): Promise<Verdict> {
  const { plan } = lab;
  const seen = await observe(lab, templates);
  const looked = judge(plan, seen);
  const drilled = await runDrills(drills, { lab, plan, templates, power }, looked);
  const checks = [...looked, ...drilled];
  const services = plan.services.map((service): ServiceVerdict => {
    const { answers } = askedOf(plan, service, seen);
    const predicted = predictedAnswers(plan, service, seen);
    return { name: serviceName(service), service, answers, predicted };
  });
  return { ok: checks.every(({ ok }) => ok), services, checks };
}
