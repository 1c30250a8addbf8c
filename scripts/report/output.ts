import { plainWidth, wrapLines } from './wrap.ts';

// Results go to stdout, messages to stderr; both through here and nowhere else.

/** Prints a result as it is. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes bytes for another program, and waits until they are taken. */
export async function writeBytes(bytes: Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => process.stdout.write(bytes, () => resolve()));
}

/** Prints a result for people: lines are broken at the screen's width. */
export function printText(text: string): void {
  print(wrapLines(text, screenWidth(process.stdout)));
}

/** Prints a message for people, on stderr. */
export function say(text: string): void {
  process.stderr.write(`${wrapLines(text, screenWidth(process.stderr))}\n`);
}

/** Width in columns: that of the terminal; COLUMNS or 80 where there is none. */
export function screenWidth(stream: { isTTY?: boolean; columns?: number }): number {
  return (stream.isTTY && stream.columns) || Number(process.env.COLUMNS) || plainWidth;
}

/** One JSON document, the only thing a command with --json prints. */
export function printJson(document: { schema: string } & Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** The codes that start and end a style. */
export const codes: Record<Style, [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

export type Paint = (style: Style, text: string) => string;

/** Colours and width of a text. */
export interface Look {
  paint: Paint;
  width: number;
}

/** The colours and the width of what is printed on stdout. */
export function screenLook(): Look {
  return { paint: painter(process.stdout), width: screenWidth(process.stdout) };
}

/** Paints with a terminal's colour codes (ECMA-48, SGR). */
export const coloured: Paint = (style, text) => `\u001b[${codes[style][0]}m${text}\u001b[${codes[style][1]}m`;

/** Paints on a terminal; not on a pipe or a file, nor with NO_COLOR (no-color.org) or TERM=dumb. */
export function painter(stream: NodeJS.WriteStream): Paint {
  const colours = stream.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return colours ? coloured : (_, text) => text;
}
