// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are control characters
const colours = /\u001b\[\d+m/g;

/** Lines up rows of cells, two blanks between columns. Colours take no room; `indent` goes before each line. */
export function columns(rows: readonly (readonly string[])[], indent = '  '): string {
  const width = (text: string) => [...text.replace(colours, '')].length;
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, width(cell));
  }
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - width(cell)))
      .join('  ')
      .trimEnd();
  return rows.map((row) => indent + line(row)).join('\n');
}
