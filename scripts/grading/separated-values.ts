import { csvCell } from '../report/csv.ts';

/** A row of a file, and the line on which it begins, counted from 1. */
export interface SeparatedRow {
  line: number;
  cells: string[];
}

/** What may stand between two cells. */
const separators = [',', ';', '\t'];

/**
 * Reads CSV (RFC 4180), with commas, semicolons or tabs: whichever the first line has that has any, or what a line `sep=;` says, as
 * spreadsheets write it. Empty lines, and lines that begin with #, are left out.
 */
export function separatedValues(text: string): SeparatedRow[] {
  const whole = text.replaceAll(/\r\n?/g, '\n');
  const [hint = '', said] = /^sep=([,;\t])(?=\n)/i.exec(whole) ?? [];
  const source = whole.slice(hint.length);
  const separator = said ?? separatorIn(source);
  const rows: SeparatedRow[] = [];
  let row: SeparatedRow = { line: 1, cells: [''] };
  let line = 1;
  let quoted = false;
  const write = (character: string) => {
    row.cells.push(`${row.cells.pop() ?? ''}${character}`);
  };
  for (let at = 0; at < source.length; at++) {
    const character = source[at] ?? '';
    if (character === '\n') line++;
    if (character === '"' && quoted && source[at + 1] === '"') {
      write('"');
      at++;
    } else if (character === '"' && (quoted || row.cells.at(-1) === '')) quoted = !quoted;
    else if (quoted) write(character);
    else if (character === separator) row.cells.push('');
    else if (character === '\n') {
      rows.push(row);
      row = { line, cells: [''] };
    } else write(character);
  }
  return [...rows, row].filter(({ cells }) => cells.some((cell) => cell.trim() !== '') && !cells[0]?.startsWith('#'));
}

/** What is in quotes separates nothing. */
function separatorIn(source: string): string {
  const bare = source.replaceAll(/(^|[,;\t])"(?:[^"]|"")*"/gm, '$1');
  const lines = bare.split('\n').filter((line) => !line.startsWith('#'));
  const first = lines.find((line) => separators.some((one) => line.includes(one)));
  return separators.find((one) => first?.includes(one)) ?? ',';
}

/** Cells that a spreadsheet would take for a formula, and so would run. */
const formula = /^[=+\-@\t\r]/;

/** Writes CSV (RFC 4180). A text that would be a formula gets an apostrophe in front of it, which spreadsheets do not show. */
export function separated(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

function cellText(cell: string | number): string {
  return csvCell(typeof cell === 'string' && formula.test(cell) ? `'${cell}` : cell);
}
