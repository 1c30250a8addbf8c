import { SourceError } from '../../statement.ts';
import type { Line } from './line.ts';

/** Values of the variables in one repetition of a line. */
type Values = [name: string, value: string][];

export interface Sequence {
  repetitions: Values[];
  /** What is repeated. */
  rest: string;
}

/** The most repetitions of one sequence. */
const most = 5000;

/** Whether a line begins with a sequence: `~SEQ(…)`, `~SEQx(…)` or `~LST(…)`. */
export function isSequence(text: string): boolean {
  return /^~(SEQ|LST)/.test(text);
}

/**
 * Reads what a line repeats, and with which values (add_seq and add_lst in lib/parser.c of keepalived).
 * @param replaced puts definitions into a text
 * @throws SourceError for a sequence that makes no sense
 */
export function sequenceOf(line: Line, replaced: (text: string) => string): Sequence {
  const { text } = line;
  const wrong = () => new SourceError(line, `${JSON.stringify(text)} is not a sequence: ~SEQ(NAME, FIRST, LAST) …`);
  const [, kind, inside = '', rest = ''] = /^~(SEQx?|LST)[ \t]*\((.*?)\)[ \t]*(.*)$/.exec(text) ?? [];
  if (!kind) throw wrong();
  if (kind === 'LST') return { repetitions: listOf(inside, wrong), rest };
  const [name = '', ...numbers] = replaced(inside)
    .split(',')
    .map((one) => one.trim());
  const values = numbers.map((one) => (/^-?(0x[\da-f]+|\d+)$/i.test(one) ? numberOf(one) : Number.NaN));
  if (!/^[A-Za-z_]\w*$/.test(name) || values.length === 0 || values.length > 3 || values.some(Number.isNaN))
    throw wrong();
  const [first = 0, second, third] = values;
  const [start, step, end] =
    second === undefined
      ? [first < 0 ? -1 : 1, first < 1 ? -1 : 1, first]
      : third === undefined
        ? [first, first <= second ? 1 : -1, second]
        : [first, second, third];
  if (step === 0 || (start < end && step < 0) || (start > end && step > 0)) throw wrong();
  if (Math.abs(end - start) / Math.abs(step) > most) throw new SourceError(line, `more than ${most} repetitions`);
  const count = Math.floor((end - start) / step) + 1;
  const written = (value: number) => (kind === 'SEQx' ? value.toString(16) : String(value));
  return { repetitions: Array.from({ length: count }, (_, at) => [[name, written(start + at * step)]]), rest };
}

/** Decimal, hexadecimal or octal, as strtol(3) has it with base 0. */
function numberOf(text: string): number {
  const [, sign, digits = ''] = /^(-?)(.*)$/.exec(text) ?? [];
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return sign ? -value : value;
}

function listOf(inside: string, wrong: () => SourceError): Values[] {
  const parts = inside.match(/\{[^{}]*\}|[^,{}]+/g)?.map((one) => one.trim()) ?? [];
  const each = (one: string) =>
    one
      .replace(/^\{|\}$/g, '')
      .split(',')
      .map((word) => word.trim());
  const [names = '', ...sets] = parts.filter(Boolean);
  if (sets.length === 0 || !each(names).every((name) => /^[A-Za-z_]\w*$/.test(name))) throw wrong();
  return sets.map((set) => {
    const values = each(set);
    return each(names).map((name, at) => [name, values[at] ?? '']);
  });
}
