import type { Plan } from '../plan/plan.ts';
import type { Facts } from '../state/section.ts';
import type { StateDifference } from '../state/state.ts';

/** What has changed on a node since `lab up` recorded its state. */
export interface NodeChange {
  plan: Plan;
  node: string;
  /** What the node had, and what it has. */
  before: Facts;
  after: Facts;
  differences: readonly StateDifference[];
}

/**
 * Finds a fault in the state of a node.
 * @returns the differences that this fault makes; empty when the node does not have the fault
 */
export type Sign = (change: NodeChange) => StateDifference[];

/** What a fact was before and is after: a pattern, or null when the fact was not or is not there. Undefined means anything. */
interface Values {
  before?: RegExp | null;
  after?: RegExp | null;
}

type Key = RegExp | ((change: NodeChange) => RegExp | undefined);

/** Facts of a section that changed in this way. */
export function changed(section: string, key: Key, { before, after }: Values): Sign {
  return (change) => {
    const pattern = key instanceof RegExp ? key : key(change);
    return change.differences.filter(
      (one) => one.section === section && pattern?.test(one.key) && fits(one.before, before) && fits(one.after, after),
    );
  };
}

export const gone = (section: string, key: Key): Sign => changed(section, key, { after: null });

export const added = (section: string, key: Key): Sign => changed(section, key, { before: null });

/** The differences of all signs, if each sign finds some; else none. */
export function allOf(...signs: readonly Sign[]): Sign {
  return (change) => {
    const found = signs.map((sign) => sign(change));
    return found.every((some) => some.length > 0) ? found.flat() : [];
  };
}

/** The differences of any of the signs. */
export function anyOf(...signs: readonly Sign[]): Sign {
  return (change) => [...new Set(signs.flatMap((sign) => sign(change)))];
}

/** The first sign, and where it is found also what follows from it. */
export function leadsTo(sign: Sign, ...others: readonly Sign[]): Sign {
  return (change) => (sign(change).length > 0 ? anyOf(sign, ...others)(change) : []);
}

/** The first sign, if none of the others is found. */
export function without(sign: Sign, ...others: readonly Sign[]): Sign {
  return (change) => (others.some((other) => other(change).length > 0) ? [] : sign(change));
}

/** A pattern for exactly this text. */
export function exactly(text: string): RegExp {
  return new RegExp(`^${escaped(text)}$`);
}

/** A text as a part of a pattern. */
export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function fits(value: string | undefined, wanted: RegExp | null | undefined): boolean {
  if (wanted === undefined) return true;
  return wanted === null ? value === undefined : value !== undefined && wanted.test(value);
}
