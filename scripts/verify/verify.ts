import type { Check } from '../checks/check.ts';
import { judge } from '../checks/judge.ts';
import { kernel } from '../checks/looks/kernel.ts';
import { drills } from '../drills/index.ts';
import type { PowerControl } from '../drills/power-control.ts';
import { runDrills } from '../drills/run.ts';
import { theNode } from '../plan/plan.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import type { Templates } from '../render/render.ts';
import { observe } from './observe.ts';
import { type ServiceVerdict, serviceVerdicts } from './service-verdicts.ts';

export interface Verdict {
  ok: boolean;
  services: ServiceVerdict[];
  checks: Check[];
  /** Version of the director's kernel; undefined if it could not be read. */
  kernel: string | undefined;
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
  return {
    ok: checks.every(({ ok }) => ok),
    services: serviceVerdicts(plan, seen),
    checks,
    kernel: seen.of(kernel, theNode(plan, 'director').name),
  };
}
