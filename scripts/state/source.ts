import type { Plan, PlannedNode } from '../plan/plan.ts';
import type { Devices } from './devices.ts';
import type { StateEntry } from './state.ts';

/** Facts that one process reads together. The template in sources/ has the same name. */
export interface Source {
  /** One word. */
  name: string;
  /** Whether it is read on this node; without this function it is read on every node. */
  on?(node: PlannedNode): boolean;
  parse(text: string, about: About): StateEntry[];
}

/** What a parser may know of the node. */
export interface About {
  plan: Plan;
  node: PlannedNode;
  devices: Devices;
}
