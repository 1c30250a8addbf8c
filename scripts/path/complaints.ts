import type { Icmp } from '../capture/layers/layer.ts';

/** RFC 792 and 1812; RFC 4443. */
const unreachable4: Record<number, string> = {
  0: 'network unreachable',
  1: 'host unreachable',
  2: 'protocol unreachable',
  3: 'port unreachable',
  4: 'fragmentation needed',
  9: 'network forbidden',
  10: 'host forbidden',
  13: 'forbidden by a filter',
};
const unreachable6: Record<number, string> = {
  0: 'no route',
  1: 'forbidden by a filter',
  2: 'beyond the scope of the source address',
  3: 'address unreachable',
  4: 'port unreachable',
  5: 'source address forbidden',
  6: 'route forbidden',
};

/** What an ICMP error says. */
export function complaintText({ family, type, code, mtu }: Icmp): string {
  const what = { 4: said4, 6: said6 }[family](type, code) ?? `ICMP type ${type}, code ${code}`;
  return mtu === undefined ? what : `${what}, MTU ${mtu}`;
}

function said4(type: number, code: number): string | undefined {
  if (type === 3) return unreachable4[code] ?? `unreachable, code ${code}`;
  if (type === 5) return 'redirect: another router is nearer';
  if (type === 11) return code === 0 ? 'time to live exceeded' : 'fragments are missing';
  return undefined;
}

function said6(type: number, code: number): string | undefined {
  if (type === 1) return unreachable6[code] ?? `unreachable, code ${code}`;
  if (type === 2) return 'packet too big';
  if (type === 3) return code === 0 ? 'hop limit exceeded' : 'fragments are missing';
  return undefined;
}
