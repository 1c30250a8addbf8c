import { Address4, Address6 } from 'ip-address';

export type Family = 4 | 6;

export function familyOf(address: string): Family {
  return address.includes(':') ? 6 : 4;
}

function parsed(address: string): Address4 | Address6 {
  return familyOf(address) === 6 ? new Address6(address) : new Address4(address);
}

/** An address, or a network by its first and its last address, as numbers. */
interface Numbers {
  value: bigint;
  first: bigint;
  last: bigint;
}

/** A cache, because every rule of the lint reads the same few addresses of a lab. */
const known = new Map<string, Numbers>();
const mostKnown = 10_000;

function numbersOf(text: string): Numbers {
  const found = known.get(text);
  if (found) return found;
  const address = parsed(text);
  const numbers = {
    value: address.bigInt(),
    first: address.startAddress().bigInt(),
    last: address.endAddress().bigInt(),
  };
  if (known.size >= mostKnown) known.clear();
  known.set(text, numbers);
  return numbers;
}

function formatted(family: Family, value: bigint): string {
  return (family === 6 ? Address6 : Address4).fromBigInt(value).correctForm();
}

/** An address in the form of the kernel and its tools: fd00:0::3 becomes fd00::3. A network keeps its prefix. */
export function canonical(address: string): string {
  const prefix = /\/\d+$/.exec(address)?.[0] ?? '';
  return parsed(address).correctForm() + prefix;
}

/** Whether this is an IPv4 or IPv6 address, without prefix and zone. */
export function isAddress(text: string): boolean {
  return !/[/%]/.test(text) && (text.includes(':') ? Address6.isValid(text) : Address4.isValid(text));
}

/** Whether this is a network with room for hosts: /8 to /30, or with IPv6 /16 to /126. */
export function isNetwork(text: string): boolean {
  const [, address = '', prefix = ''] = /^([^/]+)\/([1-9]\d*)$/.exec(text) ?? [];
  if (!isAddress(address)) return false;
  const [least, most] = familyOf(address) === 6 ? [16, 126] : [8, 30];
  return Number(prefix) >= least && Number(prefix) <= most;
}

/**
 * Whether an address is in a network, and is neither its first (the network itself) nor its last (broadcast). An address of the
 * other family is not.
 */
export function isHostOf(address: string, cidr: string): boolean {
  if (familyOf(address) !== familyOf(cidr)) return false;
  const { first, last } = numbersOf(cidr);
  const { value } = numbersOf(address);
  return value > first && value < last;
}

/**
 * Says why an address can't belong to a host of a network; undefined if it can.
 * @param name the network's name in that sentence
 */
export function whyNoHost(address: string, cidr: string, name: string): string | undefined {
  if (isHostOf(address, cidr)) return undefined;
  if (familyOf(address) !== familyOf(cidr)) return `${address} is IPv${familyOf(address)}, but ${name} is ${cidr}`;
  const value = parsed(address).bigInt();
  const network = parsed(cidr);
  if (value === network.startAddress().bigInt()) return `${address} is the address of ${name} ${cidr} itself`;
  if (value === network.endAddress().bigInt())
    return `${address} is the last address of ${name} ${cidr}, the broadcast address`;
  return `${address} is not in ${name} ${cidr}`;
}

export function overlap(a: string, b: string): boolean {
  if (familyOf(a) !== familyOf(b)) return false;
  const [one, two] = [numbersOf(a), numbersOf(b)];
  return one.first <= two.last && two.first <= one.last;
}

/** Whether an address is one from `first` to `last`. */
export function isWithin(address: string, first: string, last: string): boolean {
  if (familyOf(address) !== familyOf(first)) return false;
  const { value } = numbersOf(address);
  return value >= numbersOf(first).value && value <= numbersOf(last).value;
}

/** True if the address is the first of its network, as in 192.168.1.0/24. */
export function isNetworkAddress(cidr: string): boolean {
  const { value, first } = numbersOf(cidr);
  return value === first;
}

export function prefixOf(cidr: string): number {
  return parsed(cidr).subnetMask;
}

/**
 * The network that an address is in.
 * @param prefix bits of it; by default as many as most networks have, 24 or of IPv6 64
 */
export function networkAround(address: string, prefix = familyOf(address) === 6 ? 64 : 24): string {
  return `${hostAt(`${address}/${prefix}`, 0n)}/${prefix}`;
}

/** How many hosts a network has room for: all but its first and its last address. */
export function hostCount(cidr: string): bigint {
  const { first, last } = numbersOf(cidr);
  return last - first - 1n;
}

/** An address with the prefix of one host: /32 or /128. */
export function hostCidr(address: string): string {
  return `${address}/${familyOf(address) === 6 ? 128 : 32}`;
}

/** The n-th address of a network, counted from 0, the network itself. */
export function hostAt(cidr: string, number: bigint): string {
  return formatted(familyOf(cidr), numbersOf(cidr).first + number);
}

/**
 * The first free address from `start` on. After the network's last address it goes on with the first.
 * @throws RangeError when the network is full
 */
export function nextFree(cidr: string, start: string, taken: ReadonlySet<string>): string {
  const network = numbersOf(cidr);
  const [first, last] = [network.first + 1n, network.last - 1n];
  let candidate = numbersOf(start).value;
  for (let tried = 0; tried <= taken.size; tried++) {
    if (candidate < first || candidate > last) candidate = first;
    const address = formatted(familyOf(cidr), candidate);
    if (!taken.has(address)) return address;
    candidate++;
  }
  throw new RangeError(`network ${cidr} has no free address left`);
}

/** Ones, then zeros, at least one of each: 255.255.255.0. */
export function isNetmask(text: string): boolean {
  return prefixOfNetmask(text) > 0;
}

/** Bits of a netmask: 24 for 255.255.255.0; 0 for a text that is not a netmask. */
export function prefixOfNetmask(text: string): number {
  const bytes = text.split('.').map(Number);
  if (bytes.length !== 4 || !bytes.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255)) return 0;
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1+0+$/.test(bits) ? bits.lastIndexOf('1') + 1 : 0;
}

/**
 * The first address of the network that an address is in.
 * @param mask a netmask for IPv4, a number of bits for IPv6; with '' each address is a network of its own
 */
export function masked(address: string, mask: string): string {
  if (!mask) return address;
  if (familyOf(address) === 6) return canonical(parsed(`${address}/${mask}`).startAddress().correctForm());
  const masks = mask.split('.').map(Number);
  return address
    .split('.')
    .map((byte, at) => Number(byte) & (masks[at] ?? 255))
    .join('.');
}

/** An address in the form that stands before a colon: 192.168.1.4, [fd00::4]. */
export function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** 192.168.1.4:80 and [fd00::4]:80. */
export function joinAddress(address: string, port: number): string {
  return `${bracketed(address)}:${port}`;
}
