/** Splits what a script prints at lines like `@@name`. A longer line, `@@name more`, stays in its part. */
export function partsOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of text.split(/^@@(?=\w+$)/m).slice(1)) {
    const end = part.indexOf('\n');
    found.set(part.slice(0, end), part.slice(end + 1));
  }
  return found;
}
