import { InvalidArgumentError } from 'commander';
import { didYouMean } from '../closest.ts';
import type { Range } from '../model/limits.ts';

/** Reads a whole number of a range. */
export function wholeNumber({ least, most }: Range): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** Reads whole numbers of a range, separated by commas. */
export function wholeNumbers(range: Range, mostOfThem: number): (text: string) => number[] {
  return (text) => {
    const all = listed(text).map(wholeNumber(range));
    if (all.length <= mostOfThem) return all;
    throw new InvalidArgumentError(`It must not name more than ${mostOfThem} numbers.`);
  };
}

/**
 * Reads one known word.
 * @param more adds a clause to the message about an unknown word
 */
export function wordOf<Word extends string>(
  known: readonly Word[],
  more: (word: string) => string | undefined = () => undefined,
): (text: string) => Word {
  return (text) => {
    const found = known.find((word) => word === text);
    if (found !== undefined) return found;
    const clauses = [`It must be one of ${known.join(', ')}`, didYouMean(text, known), more(text)];
    throw new InvalidArgumentError(clauses.filter(Boolean).join('; '));
  };
}

/** Reads known words, separated by commas. */
export function wordsOf<Word extends string>(known: readonly Word[]): (text: string) => Word[] {
  return (text) => listed(text).map(wordOf(known));
}

function listed(text: string): string[] {
  const parts = text.split(',').filter(Boolean);
  if (parts.length > 0) return parts;
  throw new InvalidArgumentError('It must name at least one; separate several by commas.');
}
