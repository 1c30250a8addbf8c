/** Columns of what is printed to a pipe or a file, and of a terminal that does not tell. */
export const plainWidth = 80;

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are control characters
const colourCode = /\u001b\[(\d+)m/g;

/** Columns that a text takes on the screen. Colours take none. */
export function widthOf(text: string): number {
  return [...withoutColours(text)].length;
}

export function withoutColours(text: string): string {
  return text.replace(colourCode, '');
}

/**
 * Breaks a text at its blanks into lines. A word that is longer than a line has one of its own; a no-break space (U+00A0) does not
 * break, and comes out as a blank. A colour goes on in the next line.
 * @param first columns of the first line
 * @param rest columns of the others
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

/** Ends the colours that are on at the end of a line, and begins them again in the next. */
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

/** 22 ends bold and dim, 39 a colour (ECMA-48, SGR). */
function endOf(code: number): number {
  return code < 10 ? 22 : 39;
}

function isEnd(code: number): boolean {
  return code === 22 || code === 39;
}

/** The lines of a message. One that is too long goes on below, two blanks further in. */
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

/** A label and a text beside it, whose lines all begin at the same column. */
export function beside(label: string, text: string, width: number): string {
  return hanging(label, wrapped(text, width - label.length));
}

/** The same of a command for a shell, which can be copied however many lines it takes. */
export function commandBeside(label: string, command: string, width: number): string {
  const whole = width - label.length;
  return hanging(label, widthOf(command) <= whole ? [command] : wrapped(command, whole - 2), ' \\');
}

function hanging(label: string, lines: readonly string[], end = ''): string {
  const indent = ' '.repeat(label.length);
  return lines.map((line, at) => (at === 0 ? label : indent) + line).join(`${end}\n`);
}
