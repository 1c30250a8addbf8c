import { familyOf, hostAt, hostCidr } from '../../../model/addresses.ts';
import { thresholdRange, weightRange } from '../../../model/limits.ts';
import type { Mode } from '../../../model/words.ts';
import type { Check, ImportedServer } from '../../imported.ts';
import type { Ledger } from '../../ledger.ts';
import { wholeNumber } from '../../said.ts';
import type { Statement } from '../../statement.ts';
import { Wrong } from '../../wrong.ts';
import { addressOf } from '../ipvsadm/addresses.ts';

const forwarding: Readonly<Record<string, Mode>> = { gate: 'dr', masq: 'nat', ipip: 'tun' };

/** The most addresses of one range. */
const mostOfRange = 256;

const pattern =
  /^(\S+?)(?:\s*->\s*(\S+?))?\s+(gate|masq|ipip)(?:\s+(\d+))?(?:\s+("[^"]*"[, ]\s*"[^"]*"))?(?:\s+l:(\d+))?(?:\s+u:(\d+))?$/;

/** `real=192.0.2.1:80 gate 3 "/page", "words" l:5 u:9`, or a range `192.0.2.1->192.0.2.4:80 masq`. */
export function serversOf(by: Statement, servicePort: number, check: Check, ledger: Ledger): ImportedServer[] | Wrong {
  const text = (by.word(1) ?? '').replace(/\s*->\s*/, '->');
  const [, place = '', until, method = '', weightWord, pages, lowerWord, upperWord] =
    pattern.exec(text.replace('->', ' -> ')) ?? [];
  if (!method) return new Wrong('not a real server: ADDRESS:PORT gate|masq|ipip [WEIGHT]');
  if (pages) ledger.leave(by, `${pages}: the check of a lab asks for the page of the lab`);
  const first = addressOf(until ? `${place}${/:\w+$/.exec(until)?.[0] ?? ''}` : place);
  if (first instanceof Wrong) return first;
  const last = until ? addressOf(until) : first;
  if (last instanceof Wrong) return last;
  const weight = wholeNumber(weightWord ?? '1', 0, weightRange.most);
  const upper = wholeNumber(upperWord ?? '0', 0, thresholdRange.most);
  const lower = wholeNumber(lowerWord ?? '0', 0, thresholdRange.most);
  for (const value of [weight, upper, lower]) if (value instanceof Wrong) return value;
  const addresses = rangeOf(first.address, last.address);
  if (!addresses) return new Wrong('the range ends before it begins, or is too long');
  return addresses.map((address) => ({
    by,
    also: [],
    address,
    port: first.port ?? servicePort,
    forwarding: { value: forwarding[method] ?? 'dr', by },
    weight: { value: Number(weight), by },
    upper: { value: Number(upper), by },
    lower: { value: Number(lower), by },
    tunnel: { value: 'ipip' },
    tunnelPort: { value: 0 },
    checks: [check],
    quiescent: { value: false },
  }));
}

function rangeOf(first: string, last: string): string[] | undefined {
  if (first === last) return [first];
  if (familyOf(first) === 6 || familyOf(last) === 6) return undefined;
  const addresses = [first];
  while (addresses.at(-1) !== last) {
    if (addresses.length === mostOfRange) return undefined;
    addresses.push(hostAt(hostCidr(first), BigInt(addresses.length)));
  }
  return addresses;
}
