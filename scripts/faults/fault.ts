import type { LineChange } from '../model/line.ts';
import type { Plan } from '../plan/plan.ts';
import type { Sign } from './sign.ts';
import type { Symptom } from './symptom.ts';

/** What a fault is about, in the order of docs/faults.md. */
export const faultFamilies = [
  'arp',
  'vip',
  'route',
  'firewall',
  'mtu',
  'line',
  'ipvs',
  'daemon',
  'application',
  'time',
  'ha',
] as const;
export type FaultFamily = (typeof faultFamilies)[number];

/** A mistake that people make with LVS without noticing. */
export interface Fault {
  /** Stable, for programs: a noun in kebab case. */
  id: string;
  family: FaultFamily;
  /** What is wrong. */
  title: string;
  /** Why clients see what they see, in a sentence or two. */
  cause: string;
  /** Finds the fault in the state of a node. Missing when no node's state shows it. */
  sign?: Sign;
  /** All places in a lab where it can be made; empty when the lab cannot have it. Equal plans give equal places in equal order. */
  places: (plan: Plan) => Place[];
}

/** A place where a fault can be made, and everything that depends on the lab. */
export interface Place {
  /** Tells the places of a fault apart: `rs1`, `rs1 192.168.1.9`. */
  name: string;
  /** The nodes that have the cause: a diagnosis must name one of them. */
  nodes: string[];
  /** Make the fault. Each step may be run again. When the last step has ended, the fault is there. */
  make: Act[];
  /** Undo what `lab up` does not undo. Missing when `lab up` repairs everything. Each step may be run again, also if nothing was made. */
  mend?: Act[];
  /** Sees whether the fault is there, in another way than `make` made it. */
  witness: Witness;
  symptom: Symptom;
  /** The check of `lab verify` that must name the fault. Missing when no check sees the fault. */
  check?: ExpectedCheck;
  /** Ids of other checks that must fail as well. */
  also?: string[];
  /** Ids of checks that fail only if one machine is quicker than another: in some runs of verify, not in all. */
  race?: string[];
  /** It only looks like a fault, and the lab works: no check may fail. */
  harmless?: true;
}

/** A step of making or mending a fault. */
export type Act = NodeCommand | LineChange;

/** Shell text for /bin/sh, as root on a node. If it does not succeed (exit code 0), the fault is not made. */
export interface NodeCommand {
  on: string;
  run: string;
}

/** Shell text that succeeds (exit code 0) while the fault is there, and fails (exit code 1) while it is not. */
export interface Witness extends NodeCommand {
  /** Runs before the witness looks, and causes what the witness looks at. Its exit code does not count. */
  first?: NodeCommand;
}

export interface ExpectedCheck {
  id: string;
  /** Texts that its hint must contain. */
  hint: string[];
}

/** The commands among these steps, without the changes of lines. */
export function commandsOf(acts: readonly Act[] = []): NodeCommand[] {
  return acts.filter((act) => 'run' in act);
}
