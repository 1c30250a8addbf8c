/** A text of somebody else in a line of a report: ? in place of what a terminal would obey, and of ends of lines. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}
