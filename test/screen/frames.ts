import xterm from '@xterm/headless';
import type { Style } from '../../scripts/report/output.ts';
import type { Cast } from './cast.ts';
import type { Piece } from './terminal-svg.ts';

/** What the terminal shows from `at` on: a row of pieces for each of its lines. */
export interface Frame {
  /** Seconds since the beginning. */
  at: number;
  rows: Piece[][];
}

/** Colours of ECMA-48 that the kit paints with. */
const colours: Record<number, Style> = { 1: 'red', 2: 'green', 3: 'yellow', 6: 'cyan' };

/**
 * Plays a recording in a real terminal without a screen.
 * @param step seconds: of what happens in so short a time only the end is shown, since nobody can read more
 */
export async function framesOf({ columns, rows, events }: Cast, step: number): Promise<Frame[]> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const frames: Frame[] = [];
  for (const [index, { at, output }] of events.entries()) {
    await new Promise<void>((resolve) => terminal.write(output, resolve));
    const next = events[index + 1];
    if (next && Math.floor(next.at / step) === Math.floor(at / step)) continue;
    const shown = Array.from({ length: rows }, (_, row) => piecesIn(terminal, row));
    if (JSON.stringify(shown) !== JSON.stringify(frames.at(-1)?.rows)) frames.push({ at, rows: shown });
  }
  return frames;
}

/** A row of the screen, cut where its style changes. */
function piecesIn(terminal: xterm.Terminal, row: number): Piece[] {
  const line = terminal.buffer.active.getLine(terminal.buffer.active.baseY + row);
  const pieces: Piece[] = [];
  let blanks = 0;
  for (let column = 0; line && column < terminal.cols; column++) {
    const cell = line.getCell(column);
    const text = cell?.getChars() || ' ';
    const last = pieces.at(-1);
    const classes = cell ? stylesOf(cell).join(' ') : '';
    if (text === ' ') {
      blanks += 1;
      continue;
    }
    if (last && last.classes === classes && blanks < 2) last.text += ' '.repeat(blanks) + text;
    else pieces.push({ column, classes, text });
    blanks = 0;
  }
  return pieces;
}

function stylesOf(cell: NonNullable<ReturnType<xterm.IBufferLine['getCell']>>): Style[] {
  const colour = cell.isFgPalette() ? colours[cell.getFgColor()] : undefined;
  return [
    ...(cell.isBold() ? ['bold' as const] : []),
    ...(cell.isDim() ? ['dim' as const] : []),
    ...(colour ? [colour] : []),
  ];
}
