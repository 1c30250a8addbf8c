import type { Ledger } from '../../ledger.ts';
import { SourceError, Statement } from '../../statement.ts';
import { piecesOf, wordsOf } from './comments.ts';
import { drawn } from './definitions.ts';
import { alwaysBlocks } from './keywords.ts';
import type { Line } from './line.ts';

/**
 * Puts lines into blocks. A brace ends a statement, and so does the end of a line. Where the opening brace of a block is missing,
 * keepalived reads on as if it were there; it passes over a brace too many (process_stream in lib/parser.c).
 * @throws SourceError for a block that never ends
 */
export function blocksOf(lines: readonly Line[], ledger: Ledger): Statement[] {
  const top: Statement[] = [];
  const open: Statement[] = [];
  let last: Statement | undefined;
  const begin = (owner: Statement) => {
    owner.block = [];
    open.push(owner);
  };
  const stray = (file: string, line: number, brace: string) => {
    const one = ledger.add(new Statement(file, line, [brace]));
    ledger.leave(one, 'keepalived passes over this brace, which belongs to no block');
  };
  for (const { text, file, line } of lines) {
    for (const piece of piecesOf(text)) {
      if (piece === '{') {
        if (last) begin(last);
        else stray(file, line, piece);
        last = undefined;
        continue;
      }
      if (last && alwaysBlocks.has(last.name)) {
        ledger.note(last, 'the opening brace is missing; keepalived reads on as if it were there');
        begin(last);
      }
      last = undefined;
      if (piece === '}') {
        if (!open.pop()) stray(file, line, piece);
        continue;
      }
      const owner = open.at(-1);
      last = ledger.add(new Statement(file, line, wordsOf(piece.replaceAll(drawn, '')), owner));
      if (piece.includes(drawn))
        ledger.note(last, 'keepalived draws a random number here when it starts; the lab has the least that it can be');
      (owner?.block ?? top).push(last);
    }
  }
  const unclosed = open.at(-1);
  if (unclosed) throw new SourceError(unclosed, 'the block that begins here never ends');
  return top;
}
