import type { Check } from '../checks/check.ts';
import type { KernelDrop } from '../path/drops.ts';
import type { Plan } from '../plan/plan.ts';
import type { StateDifference, StateEntry } from '../state/state.ts';
import type { ToldDifference } from '../state/tell.ts';
import type { LineSeen } from './echoes/echoes.ts';

/** What was seen in a lab. A diagnosis finds the causes in it. */
export interface Evidence {
  plan: Plan;
  /** The outcome of every check. */
  checks: readonly Check[];
  /** Real servers that left a request unanswered, were late, or answered short requests only. */
  hurt: readonly string[];
  /** What has changed on each node. */
  states: ReadonlyMap<string, NodeState>;
  /** The pings from the director to the machines in its networks. */
  lines?: readonly LineSeen[];
  /** Seconds by which the clock of each node is ahead of this computer's. */
  clocks?: ReadonlyMap<string, number>;
  /** Where unanswered requests ended. */
  ends?: readonly PathEnd[];
}

/** Where an unanswered request ended. */
export interface PathEnd {
  service: string;
  /** The real server that it was for; undefined when that is not known. */
  server: string | undefined;
  node: string;
  isLine: boolean;
  /** What was seen: a clause. */
  what: string;
  /** The reasons that the node's kernel gave for dropping it. */
  drops: KernelDrop[];
}

/** How the state of a node differs from the state that `lab up` recorded; without a record, from the plan. */
export interface NodeState {
  /** The two states. */
  before: readonly StateEntry[];
  after: readonly StateEntry[];
  /** Everything that differs. */
  differences: readonly StateDifference[];
  /** The same without differences that follow from others. */
  told: readonly ToldDifference[];
  /** What could not be read, and so was not compared: a sentence each. */
  unread: readonly string[];
  /** When the state was recorded, in the form of Date.toISOString; undefined without a record. */
  recorded?: string;
}
