import { serviceName } from '../ipvs/rules.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';
import type { Outcome } from './check.ts';
import type { Look } from './looks/look.ts';
import type { Observations } from './observations.ts';

/** One thing that must be right in a lab. */
export interface CheckKind {
  /** Stable, for programs: `arp-quiet`. */
  id: string;
  /** What is right, and in which labs it is checked. */
  about: string;
  /** Ids of the faults that this check must name when they are the only ones. */
  faults: readonly string[];
  /** The looks whose results `judge` reads. */
  looks: readonly Look<unknown>[];
  judge: Judge;
}

/** Judges what was seen, without I/O. Returns nothing where the lab has no such thing to check. */
export type Judge = (plan: Plan, seen: Observations) => Outcome[];

/** Judges what was seen of one service. */
export type ServiceJudge = (plan: Plan, service: PlannedService, seen: Observations) => Outcome | undefined;

/** Judges each service by itself. In a lab of several services each outcome names its service. */
export function ofEachService(judge: ServiceJudge): Judge {
  return (plan, seen) =>
    plan.services.flatMap((service) => {
      const found = judge(plan, service, seen);
      if (!found || plan.services.length === 1) return found ?? [];
      const name = serviceName(service);
      return { ...found, service: name, title: `${found.title} (${name})` };
    });
}
