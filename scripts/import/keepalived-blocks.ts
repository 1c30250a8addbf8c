import { LineError } from '../errors.ts';

/** A line of keepalived.conf: its words, and the block in braces after it. */
export interface Statement {
  line: number;
  words: string[];
  block: Statement[] | undefined;
}

/**
 * Reads keepalived.conf(5) into statements: words up to the end of a line, blocks in braces, comments from # or ! on,
 * quoted strings.
 * @throws LineError for a missing or surplus brace
 */
export function readBlocks(text: string): Statement[] {
  const top: Statement[] = [];
  const open: { list: Statement[]; line: number }[] = [{ list: top, line: 0 }];
  let last: Statement | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    let current: Statement | undefined;
    for (const [word = ''] of raw.matchAll(/"[^"]*"|[#!].*|[{}]|[^\s{}"]+/g)) {
      if (word.startsWith('#') || word.startsWith('!')) break;
      const { list } = open.at(-1) ?? { list: top };
      if (word === '{') {
        // The brace may be alone on its line.
        const owner = current ?? last;
        if (!owner || owner.block) throw new LineError(line, 'there are no words before this brace');
        owner.block = [];
        open.push({ list: owner.block, line });
        current = undefined;
        last = undefined;
      } else if (word === '}') {
        if (open.length === 1) throw new LineError(line, 'there is one closing brace too many');
        open.pop();
        current = undefined;
        last = undefined;
      } else if (current) current.words.push(word.replaceAll('"', ''));
      else {
        current = { line, words: [word.replaceAll('"', '')], block: undefined };
        list.push(current);
        last = current;
      }
    }
  }
  const unclosed = open.at(-1);
  if (unclosed && open.length > 1) throw new LineError(unclosed.line, 'the block that begins here never ends');
  return top;
}
