import type { Look } from './looks/look.ts';

/** What was seen on the nodes of a lab. */
export interface Observations {
  /** @throws Error when this look was not made on the node */
  of<T>(look: Look<T>, node: string): T;
}

/** One observation: what a look saw on a node. */
export interface Observation<T = unknown> {
  look: Look<T>;
  node: string;
  value: T;
}

export function observationsOf(all: readonly Observation[]): Observations {
  const byLook = new Map<Look<unknown>, Map<string, unknown>>();
  for (const { look, node, value } of all) byLook.set(look, (byLook.get(look) ?? new Map()).set(node, value));
  return {
    of<T>(look: Look<T>, node: string): T {
      const found = byLook.get(look);
      if (!found?.has(node)) throw new Error(`the look "${look.name}" was not made on ${node}`);
      return found.get(node) as T;
    },
  };
}
