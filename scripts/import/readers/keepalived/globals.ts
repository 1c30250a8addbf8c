import { longestTimeout } from '../../../model/limits.ts';
import type { ImportedTimeouts } from '../../imported.ts';
import type { Ledger } from '../../ledger.ts';
import { wholeNumber } from '../../said.ts';
import type { Statement } from '../../statement.ts';
import { Wrong } from '../../wrong.ts';

/** `lvs_timeouts tcp 900 tcpfin 120 udp 300`: the last of each counts; 0 leaves the kernel's. */
export function timeoutsOf(statements: readonly Statement[], ledger: Ledger): ImportedTimeouts | undefined {
  const found: Partial<ImportedTimeouts> = {};
  for (const by of statements) {
    const words = by.from(1);
    for (let at = 0; at < words.length; at += 2) {
      const name = words[at];
      if (name !== 'tcp' && name !== 'tcpfin' && name !== 'udp') {
        ledger.leave(by, `keepalived does not know the time-out ${name}`);
        at--;
        continue;
      }
      const value = wholeNumber(words[at + 1], 0, longestTimeout);
      if (value instanceof Wrong) ledger.leave(by, `${name}: ${value.why}`);
      else found[name] = { value, by };
    }
  }
  const { tcp = { value: 0 }, tcpfin = { value: 0 }, udp = { value: 0 } } = found;
  return tcp.by || tcpfin.by || udp.by ? { tcp, tcpfin, udp } : undefined;
}
