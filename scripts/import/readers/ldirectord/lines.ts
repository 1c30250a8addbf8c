import type { Ledger } from '../../ledger.ts';
import { type Source, Statement } from '../../statement.ts';

/**
 * The lines of an ldirectord.cf: `key = value`, as statements of the words key and value. Those that follow virtual= with four
 * blanks or a tab before them stand in it (read_config in ldirectord).
 */
export function linesOf({ name, text }: Source, ledger: Ledger): Statement[] {
  const top: Statement[] = [];
  let virtual: Statement | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '');
    if (/^\s*(#|$)/.test(line)) continue;
    const inside = virtual && /^[ \t]/.test(line);
    const bare = (inside ? line.replace(/#.*/, '') : line).trim();
    if (bare === '') continue;
    const [, key = '', value] = /^([^=\s]*)\s*=\s*(.*)$/.exec(bare) ?? [undefined, bare];
    const words = value === undefined ? [key] : [key, value.trim()];
    const statement = ledger.add(new Statement(name, index + 1, words, inside ? virtual : undefined, words.join('=')));
    if (inside && !/^( {4,}|\t| {1,3}\t)/.test(line))
      ledger.note(
        statement,
        'ldirectord refuses this line: it needs four blanks or a tab before it; import reads it as if it had',
      );
    if (inside) virtual?.block?.push(statement);
    else {
      top.push(statement);
      virtual = /^virtual6?$/.test(key) ? statement : undefined;
      if (virtual) virtual.block = [];
    }
  }
  return top;
}
