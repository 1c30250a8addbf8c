import { shellQuote } from './shell-quote.ts';

/** An address in brackets, with or without a port. To a shell it is a pattern, but no file is likely to match it. */
const bracketed = /^\[[\da-f:.]+\](:\d+)?$/i;

/**
 * A line of POSIX sh of which only what is written in the code means something to the shell: each word of a value is one word of
 * the line, whatever characters it has.
 */
export function sh(texts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return String.raw({ raw: texts }, ...values.map(words));
}

function words(value: string | number): string {
  return String(value)
    .split(' ')
    .map((word) => (word === '' || bracketed.test(word) ? word : shellQuote(word)))
    .join(' ');
}
