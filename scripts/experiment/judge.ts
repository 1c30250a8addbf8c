import type { Expectation } from './experiment.ts';
import type { Row } from './kinds.ts';
import { fits } from './matcher.ts';
import { expectedWords, seenWords } from './words.ts';

/** An expectation, and whether it was met. */
export interface Judged {
  expected: string;
  seen: string;
  met: boolean;
  /** The rows that fit, or without any all rows of the kind; the first of them. */
  rows: Row[];
}

/** The most rows that a result keeps. */
const mostRows = 20;

/** @param rows all that were seen of the kind */
export function judge(expectation: Expectation, rows: readonly Row[]): Judged {
  const { kind, where, count, order } = expectation;
  const fields = Object.keys(where);
  const found = rows.filter((row) => fields.every((name) => fits(where[name] ?? '', row[name])));
  const inOrder = !order || order.values.join('\n') === found.map((row) => String(row[order.field])).join('\n');
  const met = fits(count, found.length) && inOrder;
  // What is not there is told by what is there instead.
  const shown = found.length > 0 || met ? found : rows;
  const told = order ? [...fields, order.field] : fields;
  const instead = shown !== found && rows.length > 0 && kind !== 'command' && kind !== 'time' ? 'none such; ' : '';
  return {
    expected: expectedWords(expectation),
    seen: `${instead}${seenWords(kind, shown, [...new Set(told)])}`,
    met,
    rows: shown.slice(0, mostRows),
  };
}
