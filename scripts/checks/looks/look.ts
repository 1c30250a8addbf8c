import type { Plan, PlannedNode } from '../../plan/plan.ts';

/**
 * When a look is made. All looks of one round on one node make one script.
 * - `before` the first request and `after` the last one. A node that takes no part in the requests has one round, meanwhile.
 * - `during` the requests: the client sends them; on other nodes the look is repeated every few seconds until they end.
 * - `beside` all that: for a look that takes a while.
 */
export type Round = 'beside' | 'before' | 'during' | 'after';

/** One kind of observation on nodes. */
export interface Look<T> {
  /** One word, which names the look's part of a script's output. */
  name: string;
  /** What is looked at and where, for the documentation. */
  about: string;
  /** Values for its templates; undefined on a node where this look is not made. */
  on(plan: Plan, node: PlannedNode): Record<string, unknown> | undefined;
  /** The parts of the script's head that its templates use. */
  needs?: Need[];
  /** Its templates, by the round that they run in: they print what `parse` reads. */
  templates: Partial<Record<Round, string>>;
  /** Another look, whose output it parses instead: a process of an emulated machine costs 30 ms. */
  reads?: Look<unknown>;
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
