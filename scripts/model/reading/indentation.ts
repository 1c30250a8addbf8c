import type { Problem } from '../../errors.ts';
import { lexemesOf, lineFinder } from './lexemes.ts';

/** A key or list item that lines below it may belong to. */
interface Level {
  /** Column in which it begins, counted from 0. */
  column: number;
  line: number;
  key: string;
  hasValue: boolean;
}

/** The first line that begins in a column where no line may begin. */
export function wrongIndentation(text: string): Problem | undefined {
  const inside = linesInsideValues(text);
  const levels: Level[] = [];
  for (const [index, row] of text.split('\n').entries()) {
    const line = index + 1;
    if (inside.has(line) || /^\s*(#|$)/.test(row) || /^(---|\.\.\.|%)/.test(row)) continue;
    const problem = place(row, line, levels);
    if (problem) return problem;
  }
  return undefined;
}

/** Puts a line's keys among the levels that are open, or says why it can't be there. */
function place(row: string, line: number, levels: Level[]): Problem | undefined {
  const [, indent = '', hyphens = '', rest = ''] = /^( *)((?:- +|-$)*)(.*)$/.exec(row) ?? [];
  const column = indent.length;
  const closed: Level[] = [];
  while ((levels.at(-1)?.column ?? -1) > column) closed.push(levels.pop() as Level);
  const above = levels.at(-1);
  const problem = (what: string, fix?: string): Problem => ({ line, path: '', what, fix });
  if (above && above.column < column) {
    if (closed.length > 0) {
      const places = [closed.at(-1) as Level, above].map((one) => `${spaces(one.column)} like line ${one.line}`);
      return problem(
        `it begins with ${spaces(column)}, and no line that it could belong to does`,
        places.join(', or '),
      );
    }
    if (above.hasValue) {
      const what = `it is indented more than line ${above.line}, but ${above.key} there has its value already`;
      return problem(what, `${spaces(above.column)} in front`);
    }
  }
  if (!above && closed.length > 0) {
    const first = closed.at(-1) as Level;
    return problem(
      `it is indented less than the first line of the lab, line ${first.line}`,
      `${spaces(first.column)} in front`,
    );
  }
  if (above?.column === column) levels.pop();
  const [, key = '', value = ''] = /^([^\s:#'"{[][^:#]*|"[^"]*"|'[^']*'):(?:\s+(.*))?$/.exec(rest) ?? [];
  const hasValue = key === '' ? rest !== '' : /^[^#]/.test(value);
  if (hyphens) levels.push({ column, line, key: 'the item', hasValue: false });
  levels.push({ column: column + hyphens.length, line, key: key || rest, hasValue });
  return undefined;
}

function spaces(count: number): string {
  return count === 1 ? '1 space' : `${count === 0 ? 'no' : count} spaces`;
}

/** Lines that go on with a value begun above: in quotes, in brackets, or behind `|`. */
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
