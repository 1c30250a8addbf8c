import { LineError } from '../errors.ts';
import { isName, plainName } from '../exercise/names.ts';
import { separatedValues } from './separated-values.ts';

/** Columns that may have the names by which students hand in. The first of these that a file has counts. */
const nameColumns = ['student', 'name', 'username', 'full name', 'fullname'];

/**
 * The names of a class: one a line, or a column of a CSV file with a header. Empty lines and those that begin with # are left out.
 * @throws LineError for what is no name, or a CSV file without such a column
 */
export function readRoster(text: string): string[] {
  const rows = separatedValues(text.replace(/^\uFEFF/, ''));
  const [header] = rows;
  if (!header) throw new LineError(1, 'no name is in it');
  const columns = header.cells.map((cell) => plainName(cell).toLowerCase());
  const at = nameColumns.map((name) => columns.indexOf(name)).find((index) => index >= 0);
  if (at === undefined && columns.length > 1)
    throw new LineError(header.line, `no column has names; one of ${nameColumns.join(', ')}`);
  const names = rows.slice(at === undefined ? 0 : 1).map(({ line, cells }) => {
    const name = plainName(cells[at ?? 0] ?? '');
    if (name === '' || !isName(name)) throw new LineError(line, `${JSON.stringify(name)} is not a name`);
    return name;
  });
  return [...new Set(names)];
}
