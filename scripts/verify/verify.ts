import type { Picks } from '../ipvs/oracle/simulate.ts';
import { serviceName } from '../ipvs/rules.ts';
import type { PlannedService } from '../plan/plan.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import type { Templates } from '../render/render.ts';
import type { Check } from './check.ts';
import { judgeDrill } from './checks/health.ts';
import { drill } from './drill.ts';
import { judge } from './judge.ts';
import type { Answer } from './observations.ts';
import { observe } from './observe.ts';
import { predictedAnswers } from './predicted.ts';

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
 * Asks the services and looks at every node, then judges. Changes nothing; may be repeated at will. Where health checks watch
 * the real servers, Apache is stopped there for a while.
 */
export async function verify(lab: ProvisionedLab, templates: Templates): Promise<Verdict> {
  const { plan } = lab;
  const seen = await observe(lab, templates);
  const checks = judge(plan, seen);
  // Last, because it makes real servers fail.
  if (plan.health) checks.push(...judgeDrill(plan, await drill(lab, templates)));
  const services = plan.services.map((service, index): ServiceVerdict => {
    const asked = seen.client.services[index] ?? { answers: [], replies: [] };
    const predicted = predictedAnswers(plan, service, asked, seen.director);
    return { name: serviceName(service), service, answers: asked.answers, predicted };
  });
  return { ok: checks.every(({ ok }) => ok), services, checks };
}
