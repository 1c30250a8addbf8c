import { type Answer, isRight } from './answers.ts';
import type { Task } from './exercise.ts';
import type { Words } from './languages.ts';
import { sentences } from './words.ts';

/** What a check says of one task: right, or what to tell the learner. */
export type Judgement = { right: true } | { right: false; tell: Words };

type Answered = Extract<Task, { kind: 'answered' }>;

/**
 * Judges an answer.
 * @param given its words; undefined without an answer
 * @param right its right words
 * @param wrong the words of each mistake, in the order of the task's mistakes
 */
export function judgedAnswer(
  { mistakes, answer }: Answered,
  given: readonly string[] | undefined,
  right: Answer,
  wrong: readonly (Answer | undefined)[],
): Judgement {
  if (given === undefined || given.length === 0) return { right: false, tell: inAll('noAnswer') };
  if (isRight(given, right, answer.within)) return { right: true };
  const made = mistakes.find((_, at) => {
    const words = wrong[at];
    return words !== undefined && isRight(given, words, answer.within);
  });
  if (made) return { right: false, tell: made.hint };
  return { right: false, tell: inAll(given.length === right.length ? 'wrongAnswer' : 'wrongCount') };
}

/** A sentence of the kit in all languages. */
export function inAll(which: 'noAnswer' | 'wrongAnswer' | 'wrongCount'): Words {
  return { en: sentences.en[which], de: sentences.de[which] };
}
