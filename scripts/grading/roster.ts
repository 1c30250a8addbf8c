import { LineError } from '../errors.ts';
import { isName, plainName } from '../exercise/names.ts';
import { type SeparatedRow, separatedValues } from './separated-values.ts';

/** Columns that may have the names by which students hand in. The first of these that a file has counts. */
const nameColumns = ['student', 'name', 'username', 'full name', 'fullname'];

/**
 * The names of a class: one a line, or a column of a CSV file with a header. Empty lines and those that begin with # are left out, and
 * so is a title above the header.
 * @throws LineError for what is no name, a line with more cells than the first one, or a CSV file without such a column
 */
export function readRoster(text: string): string[] {
  const all = separatedValues(text.replace(/^\uFEFF/, ''));
  const rows = all.slice(titlesIn(all));
  const [header] = rows;
  if (!header) throw new LineError(1, 'no name is in it');
  const at = columnIn(header);
  const count = header.cells.length;
  if (at === undefined && count > 1)
    throw new LineError(header.line, `no column has names; one of ${nameColumns.join(', ')}`);
  const names = rows.slice(at === undefined ? 0 : 1).map(({ line, cells }) => {
    if (cells.slice(count).some((cell) => cell.trim() !== '')) {
      const why = `it has ${cells.length} cells, and line ${header.line} has ${count}`;
      throw new LineError(line, `${why}; a name with a comma, a semicolon or a tab stands in quotes`);
    }
    const name = plainName(cells[at ?? 0] ?? '');
    if (name === '' || !isName(name)) throw new LineError(line, `${JSON.stringify(name)} is not a name`);
    return name;
  });
  return [...new Set(names)];
}

/** Which column has names; undefined where none is called so. */
function columnIn({ cells }: SeparatedRow): number | undefined {
  const columns = cells.map((cell) => plainName(cell).toLowerCase());
  return nameColumns.map((name) => columns.indexOf(name)).find((index) => index >= 0);
}

/** How many lines are titles: a header of several columns comes after them. Where there is no such header there is no title. */
function titlesIn(rows: readonly SeparatedRow[]): number {
  const first = rows.findIndex(({ cells }) => cells.length > 1);
  const header = rows[first];
  const [top] = rows;
  if (!header || !top || columnIn(top) !== undefined) return 0;
  return columnIn(header) === undefined ? 0 : first;
}
