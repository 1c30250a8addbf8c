import type { Said } from './imported.ts';
import type { Ledger } from './ledger.ts';
import type { Statement } from './statement.ts';
import { Wrong } from './wrong.ts';

/**
 * What the last of some statements says that makes sense. Those before it, and those that make no sense, are left.
 * @param otherwise the value if none makes sense
 */
export function lastSaid<T>(
  ledger: Ledger,
  statements: readonly Statement[],
  otherwise: T,
  read: (statement: Statement) => T | Wrong,
): Said<T> {
  let found: Said<T> = { value: otherwise };
  for (const by of statements) {
    const value = read(by);
    if (value instanceof Wrong) {
      ledger.leave(by, value.why);
      continue;
    }
    ledger.leave(found.by, `line ${by.line} says it again, and the last one counts`);
    found = { value, by };
  }
  return found;
}

/** A whole number in a range. */
export function wholeNumber(text: string | undefined, least: number, most: number): number | Wrong {
  const value = /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : new Wrong(`not a number from ${least} to ${most}`);
}
