import { Address4 } from 'ip-address';

/** Whether a host address lies in a network and is neither its first (the network's own) nor its last (broadcast). */
export function isHostOf(address: string, cidr: string): boolean {
  const network = new Address4(cidr);
  const host = new Address4(address).bigInt();
  return host > network.startAddress().bigInt() && host < network.endAddress().bigInt();
}

export function overlap(a: string, b: string): boolean {
  const [one, two] = [new Address4(a), new Address4(b)];
  return (
    one.startAddress().bigInt() <= two.endAddress().bigInt() && two.startAddress().bigInt() <= one.endAddress().bigInt()
  );
}

/** True when the CIDR names its network's first address, as in 192.168.1.0/24. */
export function isNetworkAddress(cidr: string): boolean {
  const network = new Address4(cidr);
  return network.bigInt() === network.startAddress().bigInt();
}

export function prefixOf(cidr: string): number {
  return new Address4(cidr).subnetMask;
}

/** The n-th address of a network, its network address being number 0. */
export function hostAt(cidr: string, number: bigint): string {
  return Address4.fromBigInt(new Address4(cidr).startAddress().bigInt() + number).address;
}

/**
 * The first address from `start` on that is free, going on from the network's beginning at its end.
 * @throws RangeError when the network is full
 */
export function nextFree(cidr: string, start: string, taken: ReadonlySet<string>): string {
  const network = new Address4(cidr);
  const [first, last] = [network.startAddress().bigInt() + 1n, network.endAddress().bigInt() - 1n];
  let candidate = new Address4(start).bigInt();
  for (let tried = 0; tried <= taken.size; tried++) {
    if (candidate < first || candidate > last) candidate = first;
    const address = Address4.fromBigInt(candidate).address;
    if (!taken.has(address)) return address;
    candidate++;
  }
  throw new RangeError(`network ${cidr} has no free address left`);
}

/** Ones, then zeros, at least one of each: 255.255.255.0. */
export function isNetmask(text: string): boolean {
  const bytes = text.split('.').map(Number);
  if (bytes.length !== 4 || !bytes.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255)) return false;
  return /^1+0+$/.test(bytes.map((byte) => byte.toString(2).padStart(8, '0')).join(''));
}
