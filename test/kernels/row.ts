import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/host/paths.ts';
import { compareVersions } from '../../scripts/model/kernels.ts';

/** What is tried on each kernel: labs by their names, every scenario of every scheduler, and the kernel's own test of IPVS. */
export const columnNames = ['nat', 'dr', 'tun', 'schedulers', 'ipvs.sh'] as const;
export type Column = (typeof columnNames)[number];

export interface Cell {
  ok: boolean;
  /** `20 of 20`; behind it what the kernel lacks. */
  text: string;
  /** What failed, a line each. */
  failed: string[];
}

/** One kernel. */
export interface Row {
  /** As it was asked for: 6.16. */
  kernel: string;
  /** What uname -r printed; null where no machine ran with it. */
  name: string | null;
  /** Why no machine ran with it; else ''. */
  missing: string;
  cells: Partial<Record<Column, Cell>>;
}

/** What failed on a kernel, a line each; a kernel that is not there fails nothing. */
export function failuresOf({ kernel, cells }: Row): string[] {
  return columnNames.flatMap((column) => (cells[column]?.failed ?? []).map((line) => `${kernel}, ${column}: ${line}`));
}

export const head = ['kernel', 'uname -r', ...columnNames];

export function cellsOf({ kernel, name, missing, cells }: Row): string[] {
  if (name === null) return [kernel, missing];
  return [kernel, name, ...columnNames.map((column) => cells[column]?.text ?? '')];
}

const file = join(projectRoot, 'test/recorded/kernels.json');

export async function recordedRows(): Promise<Row[]> {
  return JSON.parse(await readFile(file, 'utf8'));
}

/** Adds a row to the record, or replaces the one of the same kernel. */
export async function record(row: Row): Promise<void> {
  const others = (await recordedRows()).filter(({ kernel }) => kernel !== row.kernel);
  const sorted = [...others, row].sort((one, other) => compareVersions(one.kernel, other.kernel));
  await writeFile(file, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** The rows as a table of Markdown. */
export function rowsTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => head.map((_, at) => cellsOf(row)[at] ?? ''));
  return [head, head.map(() => '---'), ...cells].map((one) => `| ${one.join(' | ')} |`).join('\n');
}
