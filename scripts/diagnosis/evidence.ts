import type { Check } from '../checks/check.ts';
import type { KernelDrop } from '../path/drops.ts';
import type { Plan } from '../plan/plan.ts';
import type { StateDifference } from '../state/state.ts';
import type { ToldDifference } from '../state/tell.ts';
import type { LineSeen } from './echoes/echoes.ts';

/** What is known of a lab, before anybody says why it is so. */
export interface Evidence {
  plan: Plan;
  /** The outcome of every check. */
  checks: readonly Check[];
  /** Real servers that did not answer all that they were given, or late, or only what is short. */
  hurt: readonly string[];
  /** What differs on each node. */
  states: ReadonlyMap<string, NodeState>;
  /** What was seen of the lines between the director and the machines next to it. */
  lines?: readonly LineSeen[];
  /** Seconds by which the clock of each node is ahead of this computer's. */
  clocks?: ReadonlyMap<string, number>;
  /** Where requests ended that got no answer. */
  ends?: readonly PathEnd[];
}

/** Where a request ended that got no answer. */
export interface PathEnd {
  service: string;
  /** The real server that it was for, as far as it is known. */
  server: string | undefined;
  node: string;
  isLine: boolean;
  /** What was seen: a clause. */
  what: string;
  /** Why the kernel of the node dropped it, as far as it says. */
  drops: KernelDrop[];
}

/** How the state of a node differs from the one that was recorded when it was set up; without a record, from what the plan says. */
export interface NodeState {
  /** All that differs. */
  differences: readonly StateDifference[];
  /** What is left of it without that which follows from other differences. */
  told: readonly ToldDifference[];
  /** When the state was recorded, in the form of Date.toISOString; missing without a record. */
  recorded?: string;
}
