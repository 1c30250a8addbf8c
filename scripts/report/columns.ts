import { screenWidth } from './output.ts';
import { widthOf, withoutColours, wrapped } from './wrap.ts';

export interface ColumnOptions {
  /** Precedes each line; two blanks by default. */
  indent?: string | undefined;
  /** Width of the screen in columns; stdout's by default. */
  width?: number | undefined;
  /** All columns but the first are as wide as the widest of them. */
  even?: boolean;
}

const gap = '  ';

/** Lines up rows of cells. If the screen is too narrow, cells of the widest columns are broken into lines. */
export function columns(rows: readonly (readonly string[])[], options: ColumnOptions = {}): string {
  return rowTexts(rows, (row) => row, options)
    .map(({ text }) => text)
    .join('\n');
}

/** The same for things that have a row each. Returns one text for each, which may have several lines. */
export function rowTexts<T>(
  things: readonly T[],
  cellsOf: (thing: T) => readonly string[],
  { indent = gap, width = screenWidth(process.stdout), even = false }: ColumnOptions = {},
): { thing: T; text: string }[] {
  const fitted = fitting(things.map(cellsOf), width - indent.length);
  const [first = 0, ...others] = fitted;
  const widths = even ? [first, ...others.map(() => Math.max(...others))] : fitted;
  return things.map((thing) => {
    const cells = cellsOf(thing).map((cell, at) => broken(cell, widths[at] ?? 0));
    const height = Math.max(1, ...cells.map((lines) => lines.length));
    const lines = Array.from({ length: height }, (_, line) => {
      const parts = cells.map((cell, at) => padded(cell[line] ?? '', widths[at] ?? 0));
      return (indent + parts.join(gap)).trimEnd();
    });
    return { thing, text: lines.join('\n') };
  });
}

/** The width of each column: that of its widest cell, or less where there is no room for it. */
function fitting(rows: readonly (readonly string[])[], room: number): number[] {
  const columnCount = Math.max(0, ...rows.map((row) => row.length));
  const cellsOf = (at: number) => rows.map((row) => row[at] ?? '');
  const all = Array.from({ length: columnCount }, (_, at) => ({
    width: Math.max(...cellsOf(at).map(widthOf)),
    longestWord: Math.max(...cellsOf(at).flatMap((cell) => cell.split(' ').map(widthOf))),
  }));
  const left = () => room - gap.length * (columnCount - 1) - all.reduce((sum, { width }) => sum + width, 0);
  const widest = (some: typeof all) =>
    some.reduce<(typeof all)[0] | undefined>((a, b) => (a && a.width >= b.width ? a : b), undefined);
  while (left() < 0) {
    // Words are cut only if breaking between words is not enough.
    const column = widest(all.filter(({ width, longestWord }) => width > longestWord)) ?? widest(all);
    if (column === undefined || column.width <= 1) break;
    column.width--;
  }
  return all.map(({ width }) => width);
}

function broken(cell: string, width: number): string[] {
  return wrapped(cell, width).flatMap((line) => (widthOf(line) <= width ? [line] : cut(line, width)));
}

/** Cuts a word that is too long. It loses its colour, since colour codes must not be cut. */
function cut(word: string, width: number): string[] {
  const letters = [...withoutColours(word)];
  return Array.from({ length: Math.ceil(letters.length / width) }, (_, at) =>
    letters.slice(at * width, (at + 1) * width).join(''),
  );
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
