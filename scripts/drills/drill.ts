import type { Check } from '../checks/check.ts';
import type { Plan } from '../plan/plan.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import type { Templates } from '../render/render.ts';
import type { PowerControl } from './power-control.ts';

/** Makes something fail in a lab that should survive it, measures what clients notice, and undoes what it did. */
export interface Drill<Seen = unknown> {
  /** The name of its folder. */
  name: string;
  /** What it does and shows, for the documentation: the rest of a sentence that begins with "The drill". */
  about: string;
  /** Ids of all checks that `judge` can return. */
  checks: readonly string[];
  /** Ids of checks whose failure makes this drill pointless or harmful; then it does not run. */
  needs: readonly string[] | 'every check';
  beside?: Beside;
  /** Whether this lab has what the drill works on. */
  applies(plan: Plan, seenBy: SeenBy): boolean;
  /** Undoes its changes, also when it fails or is interrupted. The runner starts machines that it left without power. */
  perform(context: DrillContext): Promise<Seen>;
  /** Judges without I/O. */
  judge(plan: Plan, seen: Seen): Check[];
}

/** An earlier drill beside which this one may run, to save time. If that one does not run, this one runs in its turn. */
export interface Beside {
  drill: string;
  /** Whether the two drills do not disturb each other in this lab. */
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
  /** Starts the drills that may run beside this one. A drill calls it when it no longer needs what they stop. */
  startOthers(): void;
}
