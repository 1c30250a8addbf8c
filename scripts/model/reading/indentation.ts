import { countOf } from '../../count-of.ts';
import type { Problem } from '../../errors.ts';
import { lexemesOf, lineFinder } from './lexemes.ts';
import type { Mistake } from './misfit.ts';

/** A key, or an item of a list, that lines below it may belong to. */
interface Level {
  kind: 'key' | 'item';
  /** Column in which it begins, counted from 0. */
  column: number;
  line: number;
  /** The key, or the text of the item. */
  words: string;
  /** Whether a value follows in the same line, so that nothing can be below it. */
  hasValue: boolean;
}

/** The first line that begins in a column where no line may begin. */
export function wrongIndentation(text: string): Problem | undefined {
  const inside = linesInsideValues(text);
  const open: Level[] = [];
  for (const [index, row] of text.split('\n').entries()) {
    const line = index + 1;
    if (inside.has(line) || /^\s*(#|$)/.test(row) || /^(---|\.\.\.|%)/.test(row)) continue;
    const levels = levelsOf(row, line);
    const [first] = levels;
    if (!first) continue;
    const closed = close(open, first.column);
    const mistake = misplaced(first, open, closed);
    if (mistake) return { line, path: '', ...mistake };
    while (open.at(-1)?.column === first.column && !isListOf(open.at(-1), first)) open.pop();
    open.push(...levels);
  }
  return undefined;
}

/** The levels that a line opens: a key, an item, or an item with a key in it. */
function levelsOf(row: string, line: number): Level[] {
  const [, indent = '', hyphens = '', rest = ''] = /^( *)((?:- +|-$)*)(.*)$/.exec(row) ?? [];
  const column = indent.length;
  const [, key = '', value = ''] = /^([^\s:#'"{[][^:#]*|"[^"]*"|'[^']*'):(?:\s+(.*))?$/.exec(rest) ?? [];
  const hasValue = key ? /^[^#]/.test(value) : rest !== '';
  const inner: Level = { kind: 'key', column: column + hyphens.length, line, words: key || rest, hasValue };
  return hyphens ? [{ kind: 'item', column, line, words: rest, hasValue: false }, inner] : [inner];
}

/** Closes the levels to which a line in this column cannot belong. */
function close(open: Level[], column: number): Level[] {
  const first = open.findIndex((level) => level.column > column);
  return first < 0 ? [] : open.splice(first);
}

/** Whether the items of a key begin in the column of the key, as YAML allows. */
function isListOf(level: Level | undefined, item: Level): boolean {
  return level?.kind === 'key' && item.kind === 'item' && !level.hasValue;
}

/**
 * @param open levels to which it may belong; the last one is the nearest
 * @param closed levels that are indented more
 */
function misplaced(level: Level, open: readonly Level[], closed: readonly Level[]): Mistake | undefined {
  const { kind, column } = level;
  const above = open.at(-1);
  const [deeper] = closed;
  if (!above) {
    if (!deeper) return undefined;
    return { what: `it is indented less than the first line of the lab, line ${deeper.line}`, fix: like(deeper) };
  }
  if (above.column < column) {
    if (deeper) {
      const what = `it begins with ${spaces(column)}, and no line that it could belong to does`;
      return { what, fix: `${like(deeper)}, or ${like(above)}` };
    }
    if (!above.hasValue) return undefined;
    const what = `it is indented more than line ${above.line}, but ${above.words} there has its value already`;
    return { what, fix: like(above) };
  }
  if (kind === 'item' && above.kind === 'key') {
    if (isListOf(above, level) && !deeper) return undefined;
    const sibling = [...open, ...closed].findLast((one) => one.kind === 'item');
    return { what: 'its hyphen does not begin where a list can be', fix: sibling && like(sibling) };
  }
  const list = open.at(-2);
  if (kind === 'key' && above.kind === 'item' && list && list.column < column) {
    const what = `it begins like the hyphen of line ${above.line}, but has none`;
    return { what, fix: `${spaces(above.column + 2)} to belong to that item, or ${like(list)}` };
  }
  return undefined;
}

function like({ column, line }: Level): string {
  return `${spaces(column)} like line ${line}`;
}

function spaces(count: number): string {
  return count === 0 ? 'no spaces' : countOf(count, 'space');
}

/** Lines that continue a value from above: in quotes, in brackets, or after `|`. */
function linesInsideValues(text: string): Set<number> {
  const lineOf = lineFinder(text);
  const lines = new Set<number>();
  let opened = 0;
  for (const { kind, text: piece, offset, depth } of lexemesOf(text)) {
    const end = kind === 'close' && depth === 1;
    if (kind === 'open' && depth === 0) opened = lineOf(offset);
    const first = end ? opened : lineOf(offset);
    if (kind === 'block') lines.add(first);
    if (kind === 'quoted' || kind === 'block' || end) {
      const last = lineOf(Math.max(offset, offset + piece.trimEnd().length - 1));
      for (let line = first + 1; line <= last; line++) lines.add(line);
    }
  }
  return lines;
}
