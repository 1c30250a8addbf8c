/** Columns of text for a pipe or a file. */
export const plainWidth = 80;

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are control characters
const colourCode = /\u001b\[(\d+)m/g;

/** Columns that a text takes on the screen; colour codes take none. */
export function widthOf(text: string): number {
  return [...withoutColours(text)].length;
}

export function withoutColours(text: string): string {
  return text.replace(colourCode, '');
}

/**
 * Breaks a text into lines at its blanks. A word that is longer than a line has a line of its own. A no-break space (U+00A0) holds
 * two words together and is printed as a blank. Colours continue in the next line.
 * @param first width of the first line, in columns
 * @param rest width of the other lines
 */
export function wrapped(text: string, first: number, rest = first): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const room = lines.length > 1 ? rest : first;
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return recoloured(lines).map((line) => line.replaceAll('\u00a0', ' '));
}

/** Ends open colours at the end of each line and starts them again in the next one. */
function recoloured(lines: readonly string[]): string[] {
  let open: number[] = [];
  return lines.map((line) => {
    const begin = open;
    for (const [, digits] of line.matchAll(colourCode)) {
      const code = Number(digits);
      open = isEnd(code) ? open.filter((one) => endOf(one) !== code) : [...open, code];
    }
    return `${begin.map(codeText).join('')}${line}${[...open].reverse().map(endOf).map(codeText).join('')}`;
  });
}

function codeText(code: number): string {
  return `\u001b[${code}m`;
}

/** The code that ends a style: 22 for bold and dim, 39 for colours (ECMA-48, SGR). */
function endOf(code: number): number {
  return code < 10 ? 22 : 39;
}

function isEnd(code: number): boolean {
  return code === 22 || code === 39;
}

/** Breaks the lines of a message. The rest of a line is indented by two more blanks. */
export function wrapLines(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => {
      const indent = /^ */.exec(line)?.[0] ?? '';
      if (widthOf(line) <= width) return line.replaceAll('\u00a0', ' ');
      const lines = wrapped(line.slice(indent.length), width - indent.length, width - indent.length - 2);
      return lines.map((part, at) => `${indent}${at > 0 ? '  ' : ''}${part}`).join('\n');
    })
    .join('\n');
}

/** A label with a text beside it. All lines of the text begin in the same column. */
export function beside(label: string, text: string, width: number): string {
  return hanging(label, wrapped(text, width - label.length));
}

/** A label with a shell command beside it. Backslashes join its lines, so that it can be copied. */
export function commandBeside(label: string, command: string, width: number): string {
  const whole = width - label.length;
  return hanging(label, widthOf(command) <= whole ? [command] : wrapped(command, whole - 2), ' \\');
}

function hanging(label: string, lines: readonly string[], end = ''): string {
  const indent = ' '.repeat(label.length);
  return lines.map((line, at) => (at === 0 ? label : indent) + line).join(`${end}\n`);
}
