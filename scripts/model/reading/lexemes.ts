import { Lexer, LineCounter } from 'yaml';

/**
 * A piece of YAML text. plain: a word or value without quotes, which may go on over lines. block: the lines behind `|` or
 * `>`. cut-off: no text; brackets that are open end here because the indentation ends. other: colons, commas, blanks,
 * comments.
 */
export interface Lexeme {
  kind: 'plain' | 'quoted' | 'block' | 'open' | 'close' | 'cut-off' | 'other';
  text: string;
  /** Where it begins, in characters of the whole text. */
  offset: number;
  /** How many brackets are open in front of it. */
  depth: number;
}

/** What the lexer puts between the pieces of the text: see tokenType() in the yaml package's parse/cst.ts. */
const documentMark = '\u{02}';
const flowEndMark = '\u{18}';
const scalarMark = '\u{1f}';

export function lexemesOf(text: string): Lexeme[] {
  const lexemes: Lexeme[] = [];
  let [offset, depth] = [0, 0];
  let scalarFollows = false;
  let blockFollows = false;
  for (const piece of new Lexer().lex(text)) {
    if (piece === documentMark) continue;
    if (piece === scalarMark) {
      scalarFollows = true;
      continue;
    }
    if (piece === flowEndMark) {
      lexemes.push({ kind: 'cut-off', text: '', offset, depth });
      depth = 0;
      continue;
    }
    const kind = scalarFollows ? (blockFollows ? 'block' : 'plain') : kindOf(piece);
    if (scalarFollows) blockFollows = false;
    else if (/^[|>]/.test(piece)) blockFollows = true;
    scalarFollows = false;
    lexemes.push({ kind, text: piece, offset, depth });
    offset += piece.length;
    if (kind === 'open') depth++;
    if (kind === 'close') depth = Math.max(0, depth - 1);
  }
  return lexemes;
}

function kindOf(piece: string): Lexeme['kind'] {
  const [first = ''] = piece;
  if (first === '"' || first === "'") return 'quoted';
  if (first === '{' || first === '[') return 'open';
  return first === '}' || first === ']' ? 'close' : 'other';
}

/** Line of an offset in a text, counted from 1. */
export function lineFinder(text: string): (offset: number) => number {
  const counter = new LineCounter();
  for (const { index } of text.matchAll(/^/gm)) counter.addNewLine(index);
  return (offset) => counter.linePos(offset).line;
}
