import type { Plan, PlannedNode } from '../plan/plan.ts';
import { devicesOf } from './devices.ts';
import { sources } from './sources/index.ts';
import { devicesIn, links } from './sources/links.ts';
import type { StateEntry } from './state.ts';

/**
 * What a node's script printed (stateScript), as facts.
 * @param before the state with which it will be compared: a NIC whose MAC was changed is known by its name there
 */
export function parseState(
  text: string,
  plan: Plan,
  node: PlannedNode,
  before: readonly StateEntry[] = [],
): StateEntry[] {
  const parts = new Map<string, string>();
  for (const part of text.split(/^@@state /m).slice(1)) {
    const end = part.indexOf('\n');
    parts.set(part.slice(0, end), part.slice(end + 1));
  }
  const devices = devicesOf(devicesIn(parts.get(links.name) ?? ''), node.nics, before);
  return sources.flatMap(({ name, parse }) => parse(parts.get(name) ?? '', { plan, node, devices }));
}
