import { closest } from '../../closest.ts';
import type { Problem } from '../../errors.ts';
import type { Keys } from './known-keys.ts';
import { type Lexeme, lexemesOf, lineFinder } from './lexemes.ts';

/** A space or a colon that is missing: a mistake with one obvious correction, so the rest of the file can still be read. */
interface Slip {
  what: string;
  /** What stands at the beginning of the line, and what was meant there. */
  typed: string;
  meant: string;
}

/** The beginning of a line that YAML takes for a word. */
interface Start {
  text: string;
  /** It stands within `{ }` or `[ ]`. */
  inBrackets: boolean;
  /** A colon and a space follow, so it is a key. */
  isKey: boolean;
  /** The next line is indented more. */
  hasLinesBelow: boolean;
}

/** Adds spaces and colons that are missing. Only for a file that was refused: in a good one, `a:b` may be a value. */
export function correctSlips(text: string, keys: Keys): { corrected: string; problems: Problem[] } {
  const lineOf = lineFinder(text);
  const problems: Problem[] = [];
  let corrected = '';
  let done = 0;
  for (const { offset, ...start } of startsOf(text, lineOf)) {
    const slip = slipOf(start, keys);
    if (!slip) continue;
    const [line = ''] = start.inBrackets ? [start.text] : text.slice(offset).split('\n', 1);
    const fix = `${slip.meant}${line.slice(slip.typed.length)}`.replace(/ #.*/, '').trim();
    problems.push({ line: lineOf(offset), path: '', what: slip.what, fix });
    corrected += text.slice(done, offset) + slip.meant;
    done = offset + slip.typed.length;
  }
  return { corrected: corrected + text.slice(done), problems };
}

function startsOf(text: string, lineOf: (offset: number) => number): (Start & { offset: number })[] {
  const indents = text.split('\n').map((line) => line.search(/\S/));
  return lexemesOf(text)
    .filter((lexeme) => lexeme.kind === 'plain' && beginsLine(text, lexeme))
    .flatMap((lexeme) => {
      const lines = [...lexeme.text.matchAll(/^[ \t]*([^\n]*)$/gm)].filter(([, words]) => words);
      return lines.map(({ 0: line, 1: words = '', index }, at) => {
        const offset = lexeme.offset + index + line.length - words.length;
        const number = lineOf(offset);
        return {
          offset,
          text: words.trimEnd(),
          inBrackets: lexeme.depth > 0,
          isKey:
            at === lines.length - 1 &&
            /^[ \t]*:(\s|$)/.test(text.slice(offset + words.length, offset + words.length + 9)),
          hasLinesBelow: (indents[number] ?? 0) > (indents[number - 1] ?? 0),
        };
      });
    });
}

/** Whether nothing but indentation and hyphens is in front of it; within brackets, a bracket or a comma will do. */
function beginsLine(text: string, { offset, depth }: Lexeme): boolean {
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return depth > 0 ? /(^|[{[,])[ \t]*$/.test(before) : /^[ \t]*(-[ \t]+)*$/.test(before);
}

function slipOf(start: Start, { at, every: keys }: Keys): Slip | undefined {
  const { text, inBrackets, isKey, hasLinesBelow } = start;
  const shown = text.length > 40 ? `${text.slice(0, 39)}…` : text;
  const wide = /^(?:[A-Za-z_]+:)?\u{a0}+/u.exec(text)?.[0];
  if (wide) {
    const what = 'there is a non-breaking space, as copied from a web page, instead of a space';
    return { what, typed: wide, meant: wide.replaceAll('\u{a0}', ' ') };
  }
  const glued = /^([A-Za-z_]+):(?=\S)/.exec(text);
  if (glued && isNear(glued[1], keys)) {
    return { what: `${shown} has no space after the colon`, typed: glued[0], meant: `${glued[0]} ` };
  }
  if (inBrackets) return undefined;
  if (text.startsWith('-') && isKey && at([]).includes(text.slice(1))) {
    return { what: `there is a hyphen before ${text.slice(1)}`, typed: '-', meant: '' };
  }
  if (/^-[A-Za-z0-9{["']/.test(text))
    return { what: `${shown} has no space after the hyphen`, typed: '-', meant: '- ' };
  const equals = /^([A-Za-z_]+)\s*=\s*/.exec(text);
  if (equals && isNear(equals[1], keys)) {
    return {
      what: `${shown}: a key is followed by a colon, not by =`,
      typed: equals[0],
      meant: `${equals[1]}: `,
    };
  }
  const [word = '', ...more] = text.split(/\s+/);
  if (!isKey && keys.includes(word) && (more.length > 0 || hasLinesBelow)) {
    return { what: `${shown} has no colon after the key`, typed: word, meant: `${word}:` };
  }
  return undefined;
}

function isNear(word: string | undefined, keys: readonly string[]): boolean {
  return word !== undefined && closest(word, keys) !== undefined;
}
