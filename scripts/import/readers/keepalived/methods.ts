import { portRange } from '../../../model/limits.ts';
import { type Mode, type Tunnel, tunnels } from '../../../model/words.ts';
import type { Said } from '../../imported.ts';
import type { Ledger } from '../../ledger.ts';
import { wholeNumber } from '../../said.ts';
import type { Statement } from '../../statement.ts';
import { Wrong } from '../../wrong.ts';

/** lvs_method (lb_kind) of keepalived.conf(5), in these letters alone. */
const methods: Readonly<Record<string, Mode>> = { NAT: 'nat', DR: 'dr', TUN: 'tun' };

/** How a real server gets its packets. */
export interface Method {
  /** Undefined until something says it; then NAT is the default. */
  mode: Said<Mode> | undefined;
  tunnel: Said<Tunnel>;
  tunnelPort: Said<number>;
}

export const noMethod: Method = { mode: undefined, tunnel: { value: 'ipip' }, tunnelPort: { value: 0 } };

/** The default of lvs_method. */
export const nat: Said<Mode> = { value: 'nat' };

/**
 * What a statement lvs_method makes of the method so far (svr_forwarding_handler in check_parser.c): the method counts even if the
 * words after it make no sense; then the tunnel stays as it was.
 */
export function methodAfter(before: Method, by: Statement, ledger: Ledger): Method {
  const word = by.word(1) ?? '';
  const mode = methods[word];
  if (!mode) {
    const now = before.mode?.value ?? 'nat';
    const spelling = methods[word.toUpperCase()] ? `it is written ${word.toUpperCase()}; ` : '';
    ledger.leave(by, `keepalived does not know ${JSON.stringify(word)}: ${spelling}it stays with ${now}`);
    return before;
  }
  ledger.leave(before.mode?.by, `line ${by.line} says it again, and the last one counts`);
  const tunnel = tunnelOf(by.from(2), mode);
  if (tunnel instanceof Wrong) {
    ledger.leave(by, `${tunnel.why}, so the tunnel stays ${before.tunnel.value}`);
    return { ...before, mode: { value: mode, by } };
  }
  if (tunnel.checksums) ledger.leave(by, `${tunnel.checksums}: the tunnels of a lab have no checksums`);
  return {
    mode: { value: mode, by },
    tunnel: { value: tunnel.type, by },
    tunnelPort: { value: tunnel.port, by },
  };
}

/** The words after TUN: `type gue port 6080 csum`. */
function tunnelOf(words: readonly string[], mode: Mode): { type: Tunnel; port: number; checksums: string } | Wrong {
  let [type, port, checksums] = ['ipip', 0, ''];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === 'type') type = words[++at] ?? '';
    else if (word === 'port') {
      const value = wholeNumber(words[++at], portRange.least, portRange.most);
      if (value instanceof Wrong) return value;
      port = value;
    } else if (/^(nocsum|csum|remcsum)$/.test(word)) checksums = word === 'nocsum' ? '' : word;
    else return new Wrong(`keepalived does not know ${JSON.stringify(word)} of a tunnel`);
  }
  const known = tunnels.find((one) => one === type);
  if (!known) return new Wrong(`keepalived does not know the tunnel ${JSON.stringify(type)}`);
  if ((known === 'gue') !== port > 0) return new Wrong('a gue tunnel needs a port, and no other has one');
  if (checksums && (known === 'ipip' || (known === 'gre' && checksums === 'remcsum')))
    return new Wrong(`a tunnel ${known} cannot have ${checksums}`);
  if (mode !== 'tun' && words.length > 0) return { type: known, port, checksums: words.join(' ') };
  return { type: known, port, checksums };
}
