import { plainWidth, wrapLines } from './wrap.ts';

// Results go to stdout, messages to stderr; both through here and nowhere else.

/** Prints a result as it is. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Prints a result that people read: no line is longer than the screen. */
export function printText(text: string): void {
  print(wrapLines(text, screenWidth(process.stdout)));
}

/** Says something to the person at the terminal. */
export function say(text: string): void {
  process.stderr.write(`${wrapLines(text, screenWidth(process.stderr))}\n`);
}

/** Columns of a terminal; of anything else what COLUMNS says, or those that everybody has. */
export function screenWidth(stream: { isTTY?: boolean; columns?: number }): number {
  return (stream.isTTY && stream.columns) || Number(process.env.COLUMNS) || plainWidth;
}

/** One JSON document, the only thing a command with --json prints. */
export function printJson(document: { schema: string } & Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** What begins a style, and what ends it. */
export const codes: Record<Style, [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

export type Paint = (style: Style, text: string) => string;

/** How a text is written: in which colours, and for how many columns. */
export interface Look {
  paint: Paint;
  width: number;
}

/** Colours as a terminal reads them (ECMA-48, SGR). */
export const coloured: Paint = (style, text) => `\u001b[${codes[style][0]}m${text}\u001b[${codes[style][1]}m`;

/** Colours for a terminal, none for a pipe, a file, NO_COLOR (no-color.org) or TERM=dumb. */
export function painter(stream: NodeJS.WriteStream): Paint {
  const colours = stream.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return colours ? coloured : (_, text) => text;
}
