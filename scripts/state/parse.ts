import type { Plan, PlannedNode } from '../plan/plan.ts';
import { devicesOf } from './devices.ts';
import { sources } from './sources/index.ts';
import { devicesIn, links } from './sources/links.ts';
import { withStrays } from './sources/processes.ts';
import type { StateEntry } from './state.ts';
import { takeUnread } from './unread.ts';

/**
 * What a node's script printed (stateScript), as facts. What could not be read is told by facts of its own (unread.ts).
 * @param before the state with which it will be compared: a NIC whose MAC was changed is known by its name there
 */
export function parseState(
  text: string,
  plan: Plan,
  node: PlannedNode,
  before: readonly StateEntry[] = [],
): StateEntry[] {
  const parts = new Map<string, string>();
  const unread: StateEntry[] = [];
  for (const part of text.split(/^@@state /m).slice(1)) {
    const end = part.indexOf('\n');
    const read = takeUnread(part.slice(end + 1));
    parts.set(part.slice(0, end), read.text);
    unread.push(...read.facts);
  }
  const devices = devicesOf(devicesIn(parts.get(links.name) ?? ''), node.nics, before);
  const facts = sources.flatMap(({ name, parse }) => parse(parts.get(name) ?? '', { plan, node, devices }));
  return [...unread, ...withStrays(facts, before)];
}
