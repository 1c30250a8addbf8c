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
  /** All places in a lab where it can be made; empty where it makes no sense. Equal plans give equal places in equal order. */
  places: (plan: Plan) => Place[];
}

/** A place where a fault can be made, and everything that depends on the lab. */
export interface Place {
  /** Tells the places of a fault apart: `rs1`, `rs1 192.168.1.9`. */
  name: string;
  /** Commands that make the fault. Each may be run again. When the last one has ended, the fault is there. */
  make: NodeCommand[];
  /** Commands that remove what `lab up` leaves. Missing where `lab up` repairs everything. */
  mend?: NodeCommand[];
  symptom: Symptom;
  /** The check that must name the fault. Missing for a change that looks like a fault and is harmless: then no check may fail. */
  check?: ExpectedCheck;
  /** Ids of other checks that must fail as well. */
  also?: string[];
  /** Ids of checks that fail only if one machine is quicker than another: in some runs of verify, not in all. */
  race?: string[];
}

/** Shell text for /bin/sh, as root on a node. If it does not succeed (exit code 0), the fault is not made. */
export interface NodeCommand {
  on: string;
  run: string;
}

export interface ExpectedCheck {
  id: string;
  /** Text that its hint must contain, each by itself. */
  hint: string[];
}
