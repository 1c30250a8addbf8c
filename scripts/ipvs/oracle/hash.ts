import { Address6 } from 'ip-address';

/** An address as a number of 32 bits; of IPv6 its four words, xored (addr_fold in ip_vs_sh.c, ip_vs_mh.c, ip_vs_dh.c). */
export function fold(address: string): number {
  if (!address.includes(':')) return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const whole = new Address6(address).bigInt();
  const words = [0n, 32n, 64n, 96n].map((shift) => Number((whole >> shift) & 0xffffffffn));
  return words.reduce((sum, word) => (sum ^ word) >>> 0, 0);
}

/** hash_32 in include/linux/hash.h: the upper bits of the product with GOLDEN_RATIO_32. */
export function hash32(value: number, bits: number): number {
  return Math.imul(value, 0x61c88647) >>> (32 - bits);
}

const mask = (1n << 64n) - 1n;
const rotate = (value: bigint, bits: bigint) => ((value << bits) | (value >> (64n - bits))) & mask;

/**
 * hsiphash_1u32 in lib/siphash.c, as it is on 64-bit machines: SipHash-1-3 of one word of 32 bits, cut to 32 bits.
 * @param key the two words of the key
 */
export function hsiphash(word: number, key: readonly [bigint, bigint]): number {
  let v0 = 0x736f6d6570736575n ^ key[0];
  let v1 = 0x646f72616e646f6dn ^ key[1];
  let v2 = 0x6c7967656e657261n ^ key[0];
  let v3 = 0x7465646279746573n ^ key[1];
  const round = () => {
    v0 = (v0 + v1) & mask;
    v1 = rotate(v1, 13n) ^ v0;
    v0 = rotate(v0, 32n);
    v2 = (v2 + v3) & mask;
    v3 = rotate(v3, 16n) ^ v2;
    v0 = (v0 + v3) & mask;
    v3 = rotate(v3, 21n) ^ v0;
    v2 = (v2 + v1) & mask;
    v1 = rotate(v1, 17n) ^ v2;
    v2 = rotate(v2, 32n);
  };
  const last = (4n << 56n) | BigInt(word >>> 0); // the length stands in the highest byte
  v3 ^= last;
  round();
  v0 ^= last;
  v2 ^= 0xffn;
  for (let count = 0; count < 3; count++) round();
  return Number((v0 ^ v1 ^ v2 ^ v3) & 0xffffffffn);
}
