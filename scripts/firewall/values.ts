import { isWithin, overlap } from '../model/addresses.ts';
import { own } from '../own.ts';
import { management } from '../plan/management.ts';
import { type Answer, any, type Range } from './packet.ts';

/** Whether an address is one of these: `192.168.1.3`, `192.168.1.0/24`, `192.168.1.3-192.168.1.9`. */
export function isOneOf(address: string | undefined, values: readonly string[]): Answer {
  if (address === undefined || values.some((value) => !looksLikeAddress(value))) return 'maybe';
  return values.some((value) => {
    const [first = '', last] = value.split('-');
    return last === undefined ? overlap(address, value) : isWithin(address, first, last);
  })
    ? 'yes'
    : 'no';
}

function looksLikeAddress(value: string): boolean {
  return /^[0-9a-f.:]+(\/\d+|-[0-9a-f.:]+)?$/i.test(value) && /[.:]/.test(value);
}

/** Whether numbers are among these: `80`, `1024-65535`. */
export function areAmong(range: Range | undefined, values: readonly string[]): Answer {
  const ranges = values.map(rangeIn);
  if (range === undefined || ranges.includes(undefined)) return 'maybe';
  return any(ranges.map((one) => (one ? inside(range, one) : 'maybe')));
}

/** Whether numbers compare so with another one. */
export function compares(range: Range | undefined, operator: string, value: string): Answer {
  const number = Number(value);
  if (!Number.isInteger(number)) return 'maybe';
  const bounds: Record<string, Range> = {
    '<': [0, number - 1],
    '<=': [0, number],
    '>': [number + 1, Number.POSITIVE_INFINITY],
    '>=': [number, Number.POSITIVE_INFINITY],
  };
  const wanted = own(bounds, operator);
  return range && wanted ? inside(range, wanted) : 'maybe';
}

function rangeIn(value: string): Range | undefined {
  const [, first = '', last = first] = /^(0x[0-9a-f]+|\d+)(?:[-:](0x[0-9a-f]+|\d+))?$/i.exec(value) ?? [];
  return first === '' ? undefined : [Number(first), Number(last)];
}

function inside([first, last]: Range, [from, to]: Range): Answer {
  if (first >= from && last <= to) return 'yes';
  return last < from || first > to ? 'no' : 'maybe';
}

/** Whether a word is one of these; those that say the same in another way are given by `numbers`. */
export function isWord(
  word: string | undefined,
  values: readonly string[],
  numbers: Readonly<Record<string, string>> = {},
): Answer {
  if (word === undefined) return 'maybe';
  const known = values.map((value) => own(numbers, value) ?? value);
  if (known.includes(word)) return 'yes';
  return known.some((value) => !/^[a-z][\w-]*$/i.test(value)) ? 'maybe' : 'no';
}

/** Whether a device has one of these names; a star, or the plus of iptables, stands for any end. */
export function isDevice(device: string | undefined, values: readonly string[]): Answer {
  const names = values.map((value) => value.replace(/^"|"$/g, ''));
  if (device === undefined) {
    // What a lab sends from machine to machine takes neither of these.
    return names.every((name) => name === 'lo' || name === management) ? 'no' : 'maybe';
  }
  return names.some((name) => (/[*+]$/.test(name) ? device.startsWith(name.slice(0, -1)) : device === name))
    ? 'yes'
    : 'no';
}

/** Names of protocols by their numbers, and by other names. */
export const protocols: Record<string, string> = {
  ...{ '1': 'icmp', '4': 'ipencap', '6': 'tcp', '17': 'udp', '41': 'ipv6', '47': 'gre', '58': 'ipv6-icmp' },
  ...{ '112': 'vrrp', '132': 'sctp', icmpv6: 'ipv6-icmp', ipip: 'ipencap', ipv4: 'ipencap', ipv6: 'ipv6' },
};
