/** Splits what a script prints: `@@name`, then its lines. `@@answer` is a line inside a section. */
export function sections(text: string): Map<string, string> {
  const found = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split('\n')) {
    const name = /^@@(\w+)$/.exec(line)?.[1];
    if (name) {
      current = [];
      found.set(name, current);
    } else current.push(line);
  }
  return new Map([...found].map(([name, lines]) => [name, lines.join('\n')]));
}
