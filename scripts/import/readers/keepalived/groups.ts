import { Address4, Address6 } from 'ip-address';
import { familyOf, hostAt, hostCidr, isAddress } from '../../../model/addresses.ts';
import { serviceCount } from '../../../model/limits.ts';
import type { Ledger } from '../../ledger.ts';
import { wholeNumber } from '../../said.ts';
import type { Statement } from '../../statement.ts';
import { Wrong } from '../../wrong.ts';
import { addressOf } from './values.ts';

/** What a virtual server balances: an address and port, or a mark. */
export interface Front {
  by: Statement;
  vip: string;
  /** Port, or number of the mark. */
  port: number;
  mark: boolean;
  /** Of a mark: its family, if something says it. */
  ipv6: boolean | undefined;
}

/** The most addresses of one range that become services, several times what a lab has room for. */
const mostOfRange = 8 * serviceCount.most;

/** The addresses and marks of a virtual_server_group. */
export function frontsOf(group: Statement, ledger: Ledger): Front[] {
  return (group.block ?? []).flatMap((entry) => {
    const fronts = entry.name === 'fwmark' ? markOf(entry, 1, entry.word(2)) : rangeOf(entry);
    if (!(fronts instanceof Wrong)) return fronts;
    ledger.leave(entry, fronts.why);
    return [];
  });
}

/** `fwmark 7`, and in a group also its family: `fwmark 7 inet6`. */
export function markOf(by: Statement, at: number, family?: string): Front | Wrong {
  const mark = wholeNumber(by.word(at), 0, 2 ** 32 - 1);
  if (mark instanceof Wrong) return mark;
  if (family !== undefined && !/^inet6?$/.test(family)) return new Wrong('the family is inet or inet6');
  return { by, vip: '', port: mark, mark: true, ipv6: family === undefined ? undefined : family === 'inet6' };
}

/** Every address of `A`, `A-B`, `A.B.C.D-E` or `A/N` (alloc_vsg_entry in check_data.c). */
function rangeOf(by: Statement): Front[] | Wrong {
  const one = addressOf(by, 0);
  if (one instanceof Wrong) return one;
  const start = numberFor(one.address);
  const end = lastOf(by.name, one.address, start);
  if (end instanceof Wrong) return end;
  const count = end - start + 1n;
  if (count > BigInt(mostOfRange))
    return new Wrong(`these are ${count} services, and a lab has at most ${serviceCount.most}`);
  return Array.from({ length: Number(count) }, (_, at) => ({
    by,
    vip: hostAt(hostCidr(one.address), BigInt(at)),
    port: one.port,
    mark: false,
    ipv6: undefined,
  }));
}

/** The last address of a range, as a number. */
function lastOf(word: string, address: string, start: bigint): bigint | Wrong {
  const six = familyOf(address) === 6;
  const [, mark, rest = ''] = /^[^-/]*([-/])(.*)$/.exec(word) ?? [];
  if (!mark) return start;
  if (mark === '/') {
    const bits = wholeNumber(rest, 1, six ? 128 : 32);
    if (bits instanceof Wrong) return bits;
    const size = 1n << BigInt((six ? 128 : 32) - bits);
    return start % size === 0n ? start + size - 1n : new Wrong('the address has bits beyond its netmask');
  }
  if (isAddress(rest)) {
    const end = familyOf(rest) === familyOf(address) ? numberFor(rest) : -1n;
    return end >= start ? end : new Wrong('the range ends before it begins');
  }
  const low = six ? 0xffffn : 0xffn;
  const part = (six ? /^[\da-f]{1,4}$/i : /^\d{1,3}$/).test(rest)
    ? BigInt(Number.parseInt(rest, six ? 16 : 10))
    : low + 1n;
  if (part > low) return new Wrong(`${JSON.stringify(rest)} is not the end of a range`);
  const end = (start & ~low) | part;
  return end > start ? end : new Wrong('the range ends before it begins');
}

function numberFor(address: string): bigint {
  return (familyOf(address) === 6 ? new Address6(address) : new Address4(address)).bigInt();
}
