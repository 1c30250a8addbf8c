import { columns } from './columns.ts';
import { screenWidth } from './output.ts';
import { widthOf } from './wrap.ts';

/** A row of cells, one for each request or connection. */
export interface SequenceRow {
  label: string;
  cells: string[];
}

const mostPerLine = 12;

/** Rows of the same length, in blocks as wide as the screen: at most twelve cells in a line. */
export function sequence(rows: readonly SequenceRow[], width = screenWidth(process.stdout)): string {
  const widest = (texts: string[]) => Math.max(1, ...texts.map(widthOf));
  const labels = widest(rows.map(({ label }) => label));
  const cellWidth = widest(rows.flatMap(({ cells }) => cells));
  const perLine = Math.min(mostPerLine, Math.max(1, Math.floor((width - 2 - labels) / (cellWidth + 2))));
  const count = Math.max(0, ...rows.map(({ cells }) => cells.length));
  const blocks = Array.from({ length: Math.ceil(count / perLine) }, (_, block) =>
    rows.map(({ label, cells }) => [label, ...cells.slice(block * perLine, (block + 1) * perLine)]),
  );
  return columns(blocks.flat(), { width, even: true });
}
