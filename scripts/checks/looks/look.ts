import type { Plan, PlannedNode } from '../../plan/plan.ts';

/**
 * When something is looked at. What a node is asked in one round is one script.
 * - `before` the first request and `after` the last one. A node that takes no part in the requests has one look, meanwhile.
 * - `during` the requests: the client makes them; other nodes are looked at every few seconds as long as they go on.
 * - `beside` all that: for what takes a while.
 */
export type Round = 'beside' | 'before' | 'during' | 'after';

/** One thing that is looked at on nodes. */
export interface Look<T> {
  /** Names its part of a script's output. One word. */
  name: string;
  /** What is looked at and where, for the documentation. */
  about: string;
  /** Values for its templates; undefined on a node that is not looked at in this way. */
  on(plan: Plan, node: PlannedNode): Record<string, unknown> | undefined;
  /** What its templates use of the script's head. */
  needs?: Need[];
  /** Its templates, by the round that they run in: they print what `parse` reads. */
  templates: Partial<Record<Round, string>>;
  parse(printed: Printed, plan: Plan, node: PlannedNode): T;
}

/**
 * - `nic`: a shell function that finds a NIC by its MAC
 * - `device`: that function, and $device, the node's first lab NIC
 * - `work`: $work, a folder that is removed at the end
 * - `ask`: `work`, and functions that send requests to the lab's kinds of backends
 */
export type Need = 'nic' | 'device' | 'work' | 'ask';

/** What the templates of one look printed on one node. */
export interface Printed {
  /** @throws Error when the look has no such round */
  in(round: Exclude<Round, 'during'>): string;
  /** All that was printed during the requests, in the order of time: once on the client, any number of times elsewhere. */
  during(): string[];
}
