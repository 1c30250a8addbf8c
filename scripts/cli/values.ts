import { didYouMean } from '../closest.ts';
import { UsageError } from '../errors.ts';
import type { Range } from '../model/limits.ts';

// Parsers for the values of options and arguments. Each throws a UsageError for a wrong value.

/** Reads a whole number of a range. @param option for the message: `--requests` */
export function wholeNumber(option: string, { least, most }: Range): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new UsageError(`${option}: ${JSON.stringify(text)} is not a whole number from ${least} to ${most}`);
  };
}

/** Reads whole numbers of a range, separated by commas. */
export function wholeNumbers(option: string, range: Range, mostOfThem: number): (text: string) => number[] {
  return (text) => {
    const all = listed(option, text).map(wholeNumber(option, range));
    if (all.length <= mostOfThem) return all;
    throw new UsageError(`${option}: ${all.length} numbers are too many; at most ${mostOfThem} are possible`);
  };
}

/**
 * Reads one known word.
 * @param unknown says what is wrong with any other word: `there is no scheduler foo`
 */
export function wordOf<Word extends string>(
  known: readonly Word[],
  unknown: (word: string) => string,
): (text: string) => Word {
  return (text) => {
    const found = known.find((word) => word === text);
    if (found !== undefined) return found;
    const meant = didYouMean(text, known);
    throw new UsageError(`${unknown(text)}${meant ? `; ${meant}` : ''}`, { tryThis: `one of ${known.join(', ')}` });
  };
}

/** Reads known words, separated by commas. */
export function wordsOf<Word extends string>(
  option: string,
  known: readonly Word[],
  unknown: (word: string) => string,
): (text: string) => Word[] {
  return (text) => listed(option, text).map(wordOf(known, unknown));
}

/** The parts of a value, between commas. */
export function listed(option: string, text: string): string[] {
  const parts = text.split(',').filter(Boolean);
  if (parts.length > 0) return parts;
  throw new UsageError(`${option}: name at least one; separate several by commas`);
}
