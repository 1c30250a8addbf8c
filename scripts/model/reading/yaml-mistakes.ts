import type { YAMLParseError } from 'yaml';
import type { Problem } from '../../errors.ts';
import { wrongIndentation } from './indentation.ts';
import { type Lexeme, lexemesOf, lineFinder } from './lexemes.ts';

/**
 * Says why a text is not YAML, in words for a reader who does not know YAML's terms. A parser reports the place where it gave up,
 * which may be far below the mistake. So this looks for the usual mistakes in the text itself. It returns only the first one:
 * others are mostly its consequences.
 * @param errors the parser's errors
 * @param keys every key that such a file may have anywhere
 */
export function yamlMistakes(text: string, errors: readonly YAMLParseError[], keys: readonly string[]): Problem[] {
  const [first] = errors;
  if (!first) return [];
  const another = errors.find(({ code }) => code === 'MULTIPLE_DOCS');
  const lexemes = lexemesOf(text);
  const lineOf = lineFinder(text);
  const found =
    tabs(text, lexemes, lineOf) ??
    openQuote(lexemes, lineOf) ??
    openBracket(lexemes, lineOf) ??
    missingComma(text, lexemes, lineOf, keys) ??
    behindValue(text, lexemes, lineOf) ??
    (another && problem(lineOf(another.pos[0]), 'a second document begins here: one file holds one lab')) ??
    colonInValue(text, lexemes, lineOf, keys) ??
    wrongIndentation(text) ??
    inOtherWords(text, first, lineOf);
  return [found];
}

/** What a line of a lab file looks like. */
export const wellFormed = 'a line has a key, a colon, a space and a value, as in mode: dr';

type LineOf = (offset: number) => number;

function problem(line: number, what: string, fix?: string): Problem {
  return { line, path: '', what, fix };
}

function tabs(text: string, lexemes: readonly Lexeme[], lineOf: LineOf): Problem | undefined {
  const lines = lexemes
    .filter(({ kind, text: piece, offset }) => {
      const startsLine = offset === 0 || text[offset - 1] === '\n' || /^ *$/.test(lineBefore(text, offset));
      return kind === 'other' && startsLine && /^[ \t]*\t/.test(piece) && /^\s*[^\s#]/.test(text.slice(offset));
    })
    .map(({ offset }) => lineOf(offset));
  const [first, ...more] = [...new Set(lines)];
  if (first === undefined) return undefined;
  const also = more.length === 0 ? '' : ` (also in line${more.length > 1 ? 's' : ''} ${listed(more)})`;
  return problem(first, `the line begins with a tab${also}: YAML takes only spaces`, 'two spaces for each step');
}

function lineBefore(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
}

/** 5, 6, 7 and 12 more. */
function listed(lines: readonly number[]): string {
  const shown = lines.slice(0, 3).join(', ');
  return lines.length > 3 ? `${shown} and ${lines.length - 3} more` : shown;
}

/** No value of a lab file has several lines, so a quote that is closed in another line was forgotten where it begins. */
function openQuote(lexemes: readonly Lexeme[], lineOf: LineOf): Problem | undefined {
  for (const { kind, text: piece, offset } of lexemes) {
    if (kind !== 'quoted') continue;
    const [quote = ''] = piece;
    const line = lineOf(offset);
    if (piece.length === 1 || !piece.endsWith(quote))
      return problem(line, `the quote ${quote} that opens here is not closed`);
    if (piece.includes('\n')) {
      const end = lineOf(offset + piece.length - 1);
      return problem(line, `the quote ${quote} that opens here is not closed before line ${end}`);
    }
  }
  return undefined;
}

function openBracket(lexemes: readonly Lexeme[], lineOf: LineOf): Problem | undefined {
  const partner: Record<string, string> = { '{': '}', '[': ']' };
  const open: Lexeme[] = [];
  for (const lexeme of lexemes) {
    const last = open.at(-1);
    if (lexeme.kind === 'open') open.push(lexeme);
    else if (lexeme.kind === 'cut-off' && last) break;
    else if (lexeme.kind === 'close') {
      const line = lineOf(lexeme.offset);
      if (!last) return problem(line, `the bracket ${lexeme.text} closes nothing`);
      if (lexeme.text !== partner[last.text]) {
        const where = lineOf(last.offset) === line ? '' : ` of line ${lineOf(last.offset)}`;
        return problem(line, `the bracket ${last.text}${where} is closed by ${lexeme.text}`, `${partner[last.text]}`);
      }
      open.pop();
    }
  }
  const [unclosed] = open.slice(-1);
  if (!unclosed) return undefined;
  const what = `the bracket ${unclosed.text} that opens here is not closed`;
  return problem(lineOf(unclosed.offset), what, `${partner[unclosed.text]} at its end`);
}

/** `{ name: rs1 address: 192.168.1.4 }`: without a comma, YAML takes what follows a value for a part of it. */
function missingComma(
  text: string,
  lexemes: readonly Lexeme[],
  lineOf: LineOf,
  keys: readonly string[],
): Problem | undefined {
  for (const { kind, text: piece, offset, depth } of lexemes) {
    const [, value = '', key = ''] = (kind === 'plain' && depth > 0 && /^(.*\S)\s+(\w+)$/s.exec(piece)) || [];
    if (!keys.includes(key) || !/^\s*:/.test(text.slice(offset + piece.length))) continue;
    return problem(lineOf(offset), `there is no comma before ${key}`, `${value}, ${key}:`);
  }
  return undefined;
}

/** Words after a closing quote or bracket, as in 'Tom's lab'. */
function behindValue(text: string, lexemes: readonly Lexeme[], lineOf: LineOf): Problem | undefined {
  for (const [at, { kind, text: piece, offset, depth }] of lexemes.entries()) {
    if (kind !== 'quoted' && !(kind === 'close' && depth === 1)) continue;
    const between = lexemes[at + 1]?.kind === 'other' ? lexemes[at + 1]?.text : '';
    const next = lexemes[at + (between ? 2 : 1)];
    if (between?.trim() !== '' || between.includes('\n') || next?.kind !== 'plain') continue;
    const [rest = ''] = text.slice(next.offset).split('\n');
    const whole = lineAround(text, offset)
      .trim()
      .replace(/^(?:- +)*(?:[\w-]+: +)?/, '');
    const what = `there is more after the closing ${piece.at(-1)}: ${rest.trim()}`;
    return problem(lineOf(next.offset), what, `quotes around all of it: ${inQuotes(whole)}`);
  }
  return undefined;
}

function lineAround(text: string, offset: number): string {
  return lineBefore(text, offset) + (text.slice(offset).split('\n')[0] ?? '');
}

/** The words of a value in quotes that they do not have themselves. */
function inQuotes(value: string): string {
  const outer = /^(['"])(.*)\1$/.exec(value)?.[2] ?? value;
  return outer.includes('"') ? `'${outer.replaceAll("'", "''")}'` : `"${outer}"`;
}

/** `title: my lab: the first`: a second colon turns the words before it into another key. */
function colonInValue(
  text: string,
  lexemes: readonly Lexeme[],
  lineOf: LineOf,
  keys: readonly string[],
): Problem | undefined {
  for (const { kind, text: piece, offset, depth } of lexemes) {
    if (kind !== 'plain' || depth > 0 || piece.includes('\n')) continue;
    const [, key] = /^[ \t]*(?:- +)*([\w-]+): +$/.exec(lineBefore(text, offset)) ?? [];
    const [value = ''] = text.slice(offset).split('\n');
    if (!key || !/^:(\s|$)/.test(value.slice(piece.length))) continue;
    const words = value.replace(/ #.*/, '').trim();
    if (keys.includes(piece)) {
      return problem(lineOf(offset), `${piece} is read as a key, not as the value of ${key}`, `${key}: { ${words} }`);
    }
    return problem(lineOf(offset), `the value of ${key} has a colon and a space in it`, `${key}: ${inQuotes(words)}`);
  }
  return undefined;
}

/** Any other mistake: the parser's error by its code. */
function inOtherWords(text: string, { code, pos, message }: YAMLParseError, lineOf: LineOf): Problem {
  const [start] = pos;
  const line = lineOf(start);
  if (/call stack/.test(message)) return problem(line, 'there are too many brackets within brackets');
  const words = lineAround(text, start).trim();
  if (/^(\/\/|;|--)/.test(words)) return problem(line, 'a comment begins with #', `# ${words.replace(/^\W+/, '')}`);
  const [, key, value = ''] = /^(?:- +)*([\w-]+): +([@%`*&!|>].*)$/.exec(words) ?? [];
  if (key) return problem(line, `a value that begins with ${value[0]} needs quotes`, `${key}: ${inQuotes(value)}`);
  if (code === 'BAD_DQ_ESCAPE') {
    return problem(line, 'a backslash means something else in double quotes', 'single quotes');
  }
  const shown = words.length > 60 ? `${words.slice(0, 59)}…` : words;
  return problem(line, shown ? `this cannot be read: ${shown}` : 'the line above cannot be read', wellFormed);
}
