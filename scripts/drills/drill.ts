import type { Check } from '../checks/check.ts';
import type { Plan } from '../plan/plan.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import type { Templates } from '../render/render.ts';
import type { PowerControl } from './power-control.ts';

/** Makes something fail in a lab that is set up to outlive it, sees what comes of that, and puts back what it took. */
export interface Drill<Seen = unknown> {
  name: string;
  /** What it does and shows, in one sentence. */
  about: string;
  /** Ids of all checks that it can give. */
  checks: readonly string[];
  /** Ids of checks that must not have failed before, because the drill builds on what they judge. */
  needs: readonly string[] | 'every check';
  beside?: Beside;
  /** Whether this lab has anything to drill. */
  applies(plan: Plan, seenBy: SeenBy): boolean;
  /** However this ends, the lab is as it was before. */
  perform(context: DrillContext): Promise<Seen>;
  /** No I/O. */
  judge(plan: Plan, seen: Seen): Check[];
}

/** Another drill beside which this one may run. Without that drill it runs in its turn. */
export interface Beside {
  drill: string;
  /** Whether neither disturbs the other in this lab. */
  when(plan: Plan): boolean;
}

/** What an earlier drill saw; undefined when it did not run. */
export type SeenBy = <Seen>(drill: Drill<Seen>) => Seen | undefined;

/** What `verify` lends to drills. */
export interface DrilledLab {
  lab: ProvisionedLab;
  plan: Plan;
  templates: Templates;
  power: PowerControl;
}

export interface DrillContext extends DrilledLab {
  seenBy: SeenBy;
  /** Starts the drills that may run beside this one; they need not wait for its end from here on. */
  startOthers(): void;
}
