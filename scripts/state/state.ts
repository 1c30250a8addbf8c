/**
 * One fact of a node's networking. A key has one value in its section: `sysctl`, `net.ipv4.conf.all.arp_ignore`, `1`. A fact without
 * a value has '' or its attributes there. NICs have the names of their roles, `front` and `back`.
 */
export interface StateEntry {
  section: string;
  key: string;
  value: string;
}

/** A fact that is not what it was. Without `before` it was not there, without `after` it is not there any more. */
export interface StateDifference {
  node: string;
  section: string;
  key: string;
  before?: string;
  after?: string;
}

/** What differs between two states of a node, in the order of `before`; what is new comes last. */
export function differences(
  node: string,
  before: readonly StateEntry[],
  after: readonly StateEntry[],
): StateDifference[] {
  const was = byKey(before);
  const is = byKey(after);
  const found: StateDifference[] = [];
  for (const [id, { section, key, value }] of was) {
    const now = is.get(id)?.value;
    if (now !== value) found.push({ node, section, key, before: value, ...(now !== undefined && { after: now }) });
  }
  for (const [id, { section, key, value }] of is) {
    if (!was.has(id)) found.push({ node, section, key, after: value });
  }
  return found;
}

function byKey(entries: readonly StateEntry[]): Map<string, StateEntry> {
  return new Map(entries.map((entry) => [`${entry.section}\n${entry.key}`, entry]));
}
