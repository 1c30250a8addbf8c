/** Columns of the narrowest terminal that the kit prints for. */
export const screenWidth = 80;

/**
 * Puts pieces of text into lines of a width, with a blank between them. A piece is never broken: a longer one has a line of its own.
 */
export function wrap(pieces: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(piece) <= width) lines[lines.length - 1] = `${last} ${piece}`;
    else lines.push(piece);
  }
  return lines;
}

/** The same for the words of a text. */
export function wrapWords(text: string, width: number): string[] {
  return wrap(text.split(' '), width);
}

/** Characters, some of which have two UTF-16 units. */
function widthOf(text: string): number {
  return [...text].length;
}
