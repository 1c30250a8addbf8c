import type { Problem } from '../../errors.ts';
import type { Keys } from './known-keys.ts';
import { correctSlips } from './slips.ts';

/** The most slips in one line: `-name:rs1` has two. */
const mostRounds = 3;

/**
 * The slips, and the problems that are left when they are corrected. Uncorrected, slips would hide problems or cause some.
 * @param problems those of the text as it is
 * @param problemsOf reads a text again
 */
export function allProblems(
  text: string,
  problems: Problem[],
  keys: Keys,
  problemsOf: (text: string) => Problem[],
): Problem[] {
  const slips: Problem[] = [];
  let [rest, open] = [text, problems];
  for (let round = 0; round < mostRounds && open.length > 0; round++) {
    const found = correctSlips(rest, keys);
    if (found.problems.length === 0) break;
    slips.push(...found.problems);
    rest = found.corrected;
    open = problemsOf(rest);
  }
  return sorted([...slips, ...open]);
}

/** By their lines. */
export function sorted(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line);
}
