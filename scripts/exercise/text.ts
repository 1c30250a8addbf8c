import { LabFileError, type Problem } from '../errors.ts';
import { wrapped } from '../report/wrap.ts';
import type { Values } from './draw.ts';
import { filledText, notDrawn } from './placeholders.ts';

/** Columns of a line of prose, as whoever writes Markdown keeps them. */
const width = 78;

/**
 * The text of an exercise, as a student has it. Values are longer and shorter than their placeholders, so the lines of paragraphs
 * and of items of lists are broken anew.
 * @param file its name in messages
 * @throws LabFileError for placeholders of what is not drawn
 */
export function variantText(text: string, values: Values, file: string): string {
  const problems: Problem[] = [];
  const lines = text
    .split('\n')
    .map((line, at) =>
      filledText(line, values, (name) => problems.push({ line: at + 1, path: '', ...notDrawn(name, values) })),
    );
  if (problems.length > 0) throw new LabFileError(file, problems);
  return broken(lines).join('\n').trim();
}

/** Joins the lines of each paragraph and each item, and breaks them. Headings, tables and what is indented stay as they are. */
function broken(lines: readonly string[]): string[] {
  const joined: { text: string; indent: string }[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    const [indent = ''] = /^(- |\d+\. )?/.exec(line) ?? [];
    const goesOn = indent === '' && !isKept(line) && last !== undefined && !isKept(last.text);
    if (goesOn) last.text += ` ${line.trim()}`;
    else joined.push({ text: line, indent });
  }
  return joined.flatMap(({ text, indent }) => {
    if (isKept(text)) return [text];
    const rest = ' '.repeat(indent.length);
    return wrapped(text, width, width - rest.length).map((line, at) => (at === 0 ? line : rest + line));
  });
}

function isKept(line: string): boolean {
  return line === '' || /^( {4}|#|\||```)/.test(line);
}
