/** Reads numbers of a part of a buffer. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A number in network byte order. The caller has checked that the bytes are there. */
export function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function uint32(bytes: Uint8Array, at: number): number {
  return uint16(bytes, at) * 0x10000 + uint16(bytes, at + 2);
}

export function macText(bytes: Uint8Array, at: number): string {
  return [...bytes.subarray(at, at + 6)].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

export function ipv4Text(bytes: Uint8Array, at: number): string {
  return bytes.subarray(at, at + 4).join('.');
}

/** An IPv6 address as the kernel prints it: the longest row of two or more zero groups becomes `::` (RFC 5952). */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  const groups = Array.from({ length: 8 }, (_, index) => uint16(bytes, at + index * 2).toString(16));
  const zeros = groups.map((group, index) => {
    const end = groups.findIndex((other, place) => place >= index && other !== '0');
    return group === '0' ? (end < 0 ? groups.length : end) - index : 0;
  });
  const most = Math.max(...zeros);
  if (most < 2) return groups.join(':');
  const begin = zeros.indexOf(most);
  return `${groups.slice(0, begin).join(':')}::${groups.slice(begin + most).join(':')}`;
}
