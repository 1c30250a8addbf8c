import type { Look } from './look.ts';

/** What the client's TCP has counted while it asked. */
export interface TcpSeen {
  /** Segments that it sent. */
  sent: number;
  /** Segments that it sent again, without those that had arrived all the same. */
  again: number;
  /** Segments that arrived after a gap: one before them is missing, or late. */
  afterGap: number;
  /** How many times longer than on an idle computer the kit waits here: 1 to 5. */
  patience: number;
}

export const tcpCounters: Look<TcpSeen> = {
  name: 'tcp',
  about: '/proc/net/snmp and /proc/net/netstat on the client, before the requests and after them',
  on: (_plan, { role }) => (role === 'client' ? {} : undefined),
  templates: { before: 'checks/looks/tcp-counters', after: 'checks/looks/tcp-counters' },
  parse: (printed) => parseTcp(printed.in('before'), printed.in('after')),
};

/** Pairs of lines, the names and the values: `Tcp: RtoAlgorithm …`, `Tcp: 1 …` (snmp_seq_show, netstat_seq_show in net/ipv4/proc.c). */
export function parseTcp(before: string, after: string): TcpSeen {
  const more = (group: string, name: string) => Math.max(0, valueIn(after, group, name) - valueIn(before, group, name));
  const [, waiting] = /^@@waiting (\d+)$/m.exec(after) ?? [];
  return {
    sent: more('Tcp', 'OutSegs'),
    // The other side tells by D-SACK (RFC 2883) of what it had already.
    again: Math.max(0, more('Tcp', 'RetransSegs') - more('TcpExt', 'TCPDSACKRecv')),
    afterGap: more('TcpExt', 'TCPOFOQueue'),
    patience: Number(waiting ?? 2) / 2,
  };
}

function valueIn(text: string, group: string, name: string): number {
  const [names = '', values = ''] = text.split('\n').filter((line) => line.startsWith(`${group}: `));
  return Number(values.split(' ')[names.split(' ').indexOf(name)] ?? 0);
}
