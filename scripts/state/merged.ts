import type { StateEntry } from './state.ts';

/** Facts with one key become one: their values in an order of their own. */
export function merged(facts: readonly StateEntry[]): StateEntry[] {
  const found = new Map<string, StateEntry[]>();
  for (const fact of facts) {
    const id = `${fact.section}\n${fact.key}`;
    found.set(id, [...(found.get(id) ?? []), fact]);
  }
  return [...found.values()].flatMap((some) => {
    const [first] = some;
    if (!first) return [];
    const values = [...new Set(some.map(({ value }) => value))].sort();
    return [{ ...first, value: values.join(' | ') }];
  });
}
