/** Fails at an element that is not closed, or not open. */
export function openElements(markup: string): string[] {
  const open: string[] = [];
  for (const [, end, name = '', alone] of markup.matchAll(/<(\/?)([a-z]\w*)[^>]*?(\/?)>/g)) {
    if (alone || ['meta', 'input', 'br', 'link'].includes(name)) continue;
    if (!end) open.push(name);
    else if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
  }
  return open;
}
