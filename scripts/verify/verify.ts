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
  /** The real server that the scheduler's model chooses for each request; undefined where it cannot be known. */
  predicted: Picks | undefined;
}

/**
 * Sends requests, looks at every node, judges, and runs the lab's drills. It can be repeated. It changes only this: a web site gets
 * a post, a picture and a file, and drills make something fail and undo that.
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
