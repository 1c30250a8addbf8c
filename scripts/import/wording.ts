import { countOf } from '../count-of.ts';
import { grouped } from './grouped.ts';
import { isLeftWithOwner, type Left, type Note } from './ledger.ts';

/** The longest statement in a sentence, in characters. */
const longest = 60;

/** The most places, and the most kinds of statements, that a sentence names. */
const most = 6;

/** Sentences about what is left: one for each reason. What is left with the statement around it is counted there. */
export function leftSentences(left: readonly Left[]): string[] {
  const groups = grouped(
    left.filter((one) => !isLeftWithOwner(one)),
    ({ file, why }) => `${file}\n${why}`,
  );
  return [...groups.values()].map((group) => {
    const [first] = group;
    if (!first) return '';
    return printable(`${first.file}:${linesOf(group)}: ${statementsOf(group)}: ${first.why}`);
  });
}

/** Sentences about what people should know. */
export function noteSentences(notes: readonly Note[], untold: readonly string[]): string[] {
  const groups = grouped(notes, ({ file, what }) => `${file}\n${what}`);
  const sentences = [...groups.values()].map((group) => {
    const [first] = group;
    if (!first) return '';
    return printable(`${first.file}:${linesOf(group)}: ${textsOf(group)}: ${first.what}`);
  });
  return [...new Set([...sentences, ...untold])];
}

/** Removes control characters, which must reach neither a comment nor a terminal. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, ' ');
}

function statementsOf(group: readonly Left[]): string {
  const within = group.reduce((sum, one) => sum + one.within, 0);
  const count = within === 1 ? 'statement' : `${within} statements`;
  const inside = within > 0 ? `, with the ${count} in ${group.length > 1 ? 'them' : 'it'}` : '';
  const [only] = group;
  const place = group.length === 1 && only?.of ? `, in ${shortened(only.of.split(' of ')[0] ?? '')}` : '';
  return `${textsOf(group)}${place}${inside}`;
}

/** The statement, or if they are several their first words. */
function textsOf(group: readonly { statement: string }[]): string {
  const texts = [...new Set(group.map(({ statement }) => statement))];
  const times = group.length > 1 ? ` (${group.length} times)` : '';
  if (texts.length === 1) return `${shortened(texts[0] ?? '')}${times}`;
  const heads = [...new Set(texts.map((one) => one.split(/[\s=]/)[0] ?? ''))];
  const named = heads.slice(0, most).map(shortened).join(', ');
  return `${named}${heads.length > most ? ', …' : ''} (${countOf(group.length, 'statement')})`;
}

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** Their lines: `3-9,12`. */
function linesOf(group: readonly { line: number }[]): string {
  const lines = [...new Set(group.map(({ line }) => line))].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const line of lines) {
    const last = ranges.at(-1);
    if (last && line === last[1] + 1) last[1] = line;
    else ranges.push([line, line]);
  }
  const texts = ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  return texts.length > most ? `${texts.slice(0, most).join(',')},…` : texts.join(',');
}
