import type { Plan } from '../plan/plan.ts';
import type { Symptom } from './symptom.ts';

/** A mistake that people build into their labs without noticing. */
export interface Fault {
  /** Stable, for programs: a noun in kebab case. */
  id: string;
  /** What is wrong. */
  title: string;
  /** Why clients see what they see, in a sentence or two. */
  cause: string;
  /** Everywhere it can be made in a lab; empty where it makes no sense. Same plan, same places in the same order. */
  places: (plan: Plan) => Place[];
}

/** Where a fault can be made, with all that depends on the lab. */
export interface Place {
  /** Tells the places of a fault apart: `rs1`, `rs1 192.168.1.9`. */
  name: string;
  /** Makes the fault. Each command may be run again; together they end when the fault is there. */
  make: NodeCommand[];
  /** Takes away what `lab up` leaves alone. Missing where `lab up` mends everything. */
  mend?: NodeCommand[];
  symptom: Symptom;
  /** The check that must name the fault. Missing for what looks like a fault and is none: then no check may fail. */
  check?: ExpectedCheck;
  /** Ids of checks that must fail beside it. */
  also?: string[];
  /** Ids of checks that fail when one machine is quicker than another: in some of ten verifies, not in each. */
  race?: string[];
}

/** Shell text for /bin/sh, as root on a node. It succeeds (exit code 0) or the fault is not made. */
export interface NodeCommand {
  on: string;
  run: string;
}

export interface ExpectedCheck {
  id: string;
  /** Text that its hint must contain, each by itself. */
  hint: string[];
}
