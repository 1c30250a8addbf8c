/**
 * A line without comment, without the backslash before an escaped # or !, and without blanks around it. A backslash at its end,
 * which continues a definition, stays (decomment in lib/parser.c of keepalived).
 */
export function withoutComment(line: string): string {
  let text = '';
  let quoted = false;
  let continued = false;
  for (let at = 0; at < line.length; at++) {
    const letter = line[at] ?? '';
    const next = line[at + 1];
    if (letter === '\\') {
      if (next === undefined) continued = true;
      else if (!quoted && (next === '#' || next === '!')) text += next;
      else text += letter + next;
      at++;
      continue;
    }
    if (!quoted && (letter === '#' || letter === '!')) break;
    if (letter === '"') quoted = !quoted;
    text += letter;
  }
  return text.trim() + (continued ? '\\' : '');
}

/** The pieces of a line: a brace outside quotes is one, and so is what stands between two of them. */
export function piecesOf(line: string): string[] {
  const pieces = line.match(/(?:"(?:\\.|[^"\\])*"?|\\.|[^{}"\\]|\\$)+|[{}]/gs) ?? [];
  return pieces.map((one) => one.trim()).filter(Boolean);
}

/** The words of a piece. Quotes hold blanks together; a backslash in quotes takes the next letter as it is. */
export function wordsOf(piece: string): string[] {
  const words = piece.match(/"(?:\\.|[^"\\])*"?|[^\s"]+/gs) ?? [];
  return words.map((word) => (word.startsWith('"') ? word.replace(/^"|"$/g, '').replace(/\\(.)/gs, '$1') : word));
}
