import type { Check } from '../checks/check.ts';
import type { Plan } from '../plan/plan.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import type { Templates } from '../render/render.ts';
import type { PowerControl } from './power-control.ts';

/** Makes something fail in a lab that should survive it, measures what clients notice, and undoes what it did. */
export interface Drill<Seen = unknown> {
  /** The name of its folder. */
  name: string;
  /** What it does and shows, for the documentation: a sentence that goes on from "The drill …". */
  about: string;
  /** Ids of all checks that `judge` can return. */
  checks: readonly string[];
  /** Ids of checks whose failure makes this drill pointless or harmful; then it does not run. */
  needs: readonly string[] | 'every check';
  beside?: Beside;
  /** Whether this lab has what the drill works on. */
  applies(plan: Plan, seenBy: SeenBy): boolean;
  /** Leaves the lab as it was, also when it fails or is interrupted. Machines without power are then started for it. */
  perform(context: DrillContext): Promise<Seen>;
  /** Judges without I/O. */
  judge(plan: Plan, seen: Seen): Check[];
}

/** An earlier drill that this one may run beside, to save time. When that one does not run, this one runs in its turn. */
export interface Beside {
  drill: string;
  /** Whether the two leave each other alone in this lab. */
  when(plan: Plan): boolean;
}

/** What an earlier drill saw; undefined when it did not run. */
export type SeenBy = <Seen>(drill: Drill<Seen>) => Seen | undefined;

/** A running lab, with all that drills need to work on it. */
export interface DrilledLab {
  lab: ProvisionedLab;
  plan: Plan;
  templates: Templates;
  power: PowerControl;
}

export interface DrillContext extends DrilledLab {
  seenBy: SeenBy;
  /** Starts the drills that may run beside this one. A drill calls it where it no longer needs what they take away. */
  startOthers(): void;
}
