import type { Plan, PlannedNode } from '../plan/plan.ts';
import type { Devices } from './devices.ts';
import type { StateEntry } from './state.ts';

/** What is read together, because it takes one process. Its template has the same name, in sources/. */
export interface Source {
  /** One word. */
  name: string;
  /** Whether it is read on this node; on every node without this. */
  on?(node: PlannedNode): boolean;
  parse(text: string, about: About): StateEntry[];
}

/** What a parser may know of the node. */
export interface About {
  plan: Plan;
  node: PlannedNode;
  devices: Devices;
}
