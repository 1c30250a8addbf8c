import type { StateDifference, StateEntry } from './state.ts';

/** Facts of one kind: what a difference can do, and how it is undone. */
export interface Section {
  name: string;
  /** What a difference can do: a clause that is true in any state of the node. */
  meaning(difference: StateDifference, states: States): string;
  /** Shell text that root runs on the node; undefined when no command is known. */
  undo(difference: StateDifference, states: States): string | undefined;
}

/** The two states that are compared. */
export interface States {
  before: Facts;
  after: Facts;
  differences: readonly StateDifference[];
  /** The name of a device on the node, given its role. */
  device(role: string): string;
  /** The longest text that a command may have in it, in characters. */
  longest: number;
}

/** A state, by section and key. */
export interface Facts {
  of(section: string, key: string): string | undefined;
  /** All keys of a section that begin with `start`, with their values. */
  below(section: string, start: string): StateEntry[];
}

export function factsOf(entries: readonly StateEntry[]): Facts {
  const values = new Map(entries.map(({ section, key, value }) => [`${section}\n${key}`, value]));
  return {
    of: (section, key) => values.get(`${section}\n${key}`),
    below: (section, start) => entries.filter((one) => one.section === section && one.key.startsWith(start)),
  };
}
