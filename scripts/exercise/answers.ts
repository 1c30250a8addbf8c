import { canonical, isAddress } from '../model/addresses.ts';
import type { WrittenAnswer } from './schema.ts';

/** The words of an answer, one after the other. */
export type Answer = readonly (string | number)[];

/** What a person has typed, in words: `rs2, rs1` and `rs2 rs1` are the same. */
export function typedAnswer(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

/** @param within how far each number may be away */
export function isRight(given: readonly string[], right: Answer, within = 0): boolean {
  return given.length === right.length && right.every((one, at) => isSame(given[at] ?? '', one, within));
}

function isSame(given: string, right: string | number, within: number): boolean {
  const number = Number(given);
  if (typeof right === 'number') return Number.isFinite(number) && Math.abs(number - right) <= within;
  return plain(given) === plain(right);
}

function plain(word: string): string {
  const small = word.toLowerCase();
  return isAddress(small) ? canonical(small) : small;
}

/** What kind of answer is wanted: it says nothing of the right one. */
export type AnswerForm =
  | { form: 'servers'; count: number }
  | { form: 'numbers'; count: number }
  | { form: 'number' }
  | { form: 'address' }
  | { form: 'words'; count: number };

export function formOf({ picks, shares }: WrittenAnswer, right: Answer): AnswerForm {
  const count = right.length;
  if (picks) return { form: 'servers', count };
  if (shares) return { form: 'numbers', count };
  if (right.every((one) => typeof one === 'number'))
    return count === 1 ? { form: 'number' } : { form: 'numbers', count };
  if (count === 1 && isAddress(String(right[0]))) return { form: 'address' };
  return { form: 'words', count };
}
