import type { Statement } from './statement.ts';
import type { Unfolded } from './unfold.ts';

/** Words after which keepalived reads a block, whether a brace opens it or not. */
const blocks =
  /^(virtual_server(_group)?|real_server|vrrp_instance|vrrp_sync_group|global_defs|\w+_CHECK|(HTTP|SSL)_GET)$/;

/** Lines as statements that stand in statements. */
export function blocksOf(lines: readonly Unfolded[]): Statement[] {
  const top: Statement[] = [];
  let owner: Statement | undefined;
  let last: Statement | undefined;
  const enter = (statement: Statement) => {
    statement.opens = true;
    owner = statement;
    last = undefined;
  };
  for (const { text, lines: from } of lines) {
    let words: string[] = [];
    const end = () => {
      if (words.length === 0) return;
      if (last && blocks.test(last.words[0] ?? '')) enter(last);
      last = { lines: from, words, inside: [], opens: false, parent: owner };
      (owner?.inside ?? top).push(last);
      words = [];
    };
    for (const token of text.match(/"(?:\\.|[^"\\])*"?|[{}]|(?:\\.|[^\s{}"\\])+|\\/gs) ?? []) {
      if (token === '{') {
        end();
        if (last) enter(last);
      } else if (token === '}') {
        end();
        if (last && blocks.test(last.words[0] ?? '')) enter(last);
        owner = owner?.parent;
        last = undefined;
      } else words.push(token.replace(/^"|"$/g, ''));
    }
    end();
  }
  return top;
}

export function allOf(statements: readonly Statement[]): Statement[] {
  return statements.flatMap((one) => [one, ...allOf(one.inside)]);
}
