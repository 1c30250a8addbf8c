import type { Difference } from './difference.ts';
import type { PageWords } from './words.ts';

/** What differs, as rows of a table: what it is, before, now. */
export function differenceRows({ facts, checks, answers, causes }: Difference, words: PageWords): string[][] {
  return [
    ...facts.map(({ fact, before, now }) => [
      words.factNames[fact],
      ...[before, now].map((value) =>
        fact === 'verdict' ? words.ends[value === 'passed' ? 'passed' : 'failed'] : value,
      ),
    ]),
    ...checks.map(({ id, service, before, now, observed }) => [
      [words.check, id, service].filter(Boolean).join(' '),
      words.ends[before],
      now === 'absent' ? words.ends[now] : `${words.ends[now]}: ${observed}`,
    ]),
    ...answers.map(({ service, server, before, now }) => [
      `${server}, ${service}`,
      ...[before, now].map(words.answered),
    ]),
    ...causes.map(({ node, what, now }) => [words.causeOf(node), ...(now ? ['–', what] : [what, '–'])]),
  ];
}

/** How long both runs took, as rows of a table: the part, before, now. */
export function timeRows({ seconds }: Difference, words: PageWords): string[][] {
  return seconds.map(({ part, before, now }) => [words.parts[part], words.seconds(before), words.seconds(now)]);
}
