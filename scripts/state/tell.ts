import { leading } from './leading.ts';
import { longestTyped } from './longest.ts';
import { factsOf, type States } from './section.ts';
import { sectionOf, sections } from './sections/index.ts';
import { differences, type StateDifference, type StateEntry } from './state.ts';

/** A difference, what it can do, and the shell command with which root undoes it on the node, if one is known. */
export interface ToldDifference extends StateDifference {
  may: string;
  undo: string | undefined;
}

/**
 * What differs between two states of a node, in the order in which it is to be undone, without what follows from other differences:
 * when these are undone, so is that.
 * @param longest the longest text that a command may have in it, in characters
 */
export function tell(
  node: string,
  before: readonly StateEntry[],
  after: readonly StateEntry[],
  longest = longestTyped,
): ToldDifference[] {
  const was = factsOf(before);
  const is = factsOf(after);
  const found = leading(differences(node, before, after), was, is);
  const states: States = {
    before: was,
    after: is,
    differences: found,
    device: (role) => is.of('nic', role) ?? was.of('nic', role) ?? role,
    longest,
  };
  const order = (one: StateDifference) => sections.findIndex(({ name }) => name === one.section);
  return [...found]
    .sort((one, other) => order(one) - order(other))
    .map((one) => {
      const section = sectionOf(one.section);
      return { ...one, may: section.meaning(one, states), undo: section.undo(one, states) };
    });
}
