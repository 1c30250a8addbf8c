import { isAddress } from '../../../model/addresses.ts';
import { portRange } from '../../../model/limits.ts';
import type { Said } from '../../imported.ts';
import type { Ledger } from '../../ledger.ts';
import { lastSaid, wholeNumber } from '../../said.ts';
import type { Statement } from '../../statement.ts';
import { Wrong } from '../../wrong.ts';

/** An address and a port, without which it is 0 (inet_stosockaddr in lib/utils.c: a range or a netmask is cut off). */
export function addressOf(by: Statement, at: number): { address: string; port: number } | Wrong {
  const [word = '', portWord = '0'] = [by.word(at), by.word(at + 1)];
  const address = word.replace(/[-/].*$/, '');
  if (!isAddress(address)) return new Wrong(`${JSON.stringify(word)} is not an address`);
  if (/^0*$/.test(portWord)) return { address, port: 0 };
  const port = wholeNumber(portWord, portRange.least, portRange.most);
  return port instanceof Wrong ? new Wrong(`${JSON.stringify(portWord)} is not a port`) : { address, port };
}

/** Statements of a block with one of these names. */
export function named(block: readonly Statement[] | undefined, ...names: readonly string[]): Statement[] {
  return block?.filter(({ name }) => names.includes(name)) ?? [];
}

/** A time in seconds, of the innermost block that says it: check, real server, virtual server. */
export function timeOf(
  ledger: Ledger,
  blocks: readonly (Statement | undefined)[],
  name: string,
  otherwise: number,
): Said<number> {
  const found = blocks.map((one) => lastSaid(ledger, named(one?.block, name), Number.NaN, seconds));
  return found.find(({ by }) => by) ?? { value: otherwise };
}

export function seconds(by: Statement): number | Wrong {
  const word = by.word(1) ?? '';
  return /^\d+(\.\d+)?$/.test(word) ? Number(word) : new Wrong('not a time in seconds');
}

/** on, yes, true; off, no, false; without a word it is true. */
export function truth(by: Statement): boolean | Wrong {
  const word = by.word(1);
  if (word === undefined || /^(true|on|yes)$/.test(word)) return true;
  return /^(false|off|no)$/.test(word) ? false : new Wrong('neither true nor false');
}
