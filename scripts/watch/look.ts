import { sections } from '../checks/looks/sections.ts';
import { type IpvsConnection, type IpvsService, parseConnections, parseCounters, parseTable } from '../ipvs/parse.ts';

/**
 * How many connections a page shows at most. Of a longer table only this part is read: the kernel makes each page of the file only
 * when it is read, so a table of a hundred thousand connections costs no more.
 */
export const mostConnections = 100;

/** Prints the table, the counters and the beginning of the connection table. Without IPVS all of them are empty. */
export const lookText = `echo '@@table'
cat /proc/net/ip_vs
echo '@@counters'
cat /proc/net/ip_vs_stats_percpu
echo '@@connections'
head -n ${mostConnections + 3} /proc/net/ip_vs_conn
exit 0`;

/** A director as it was seen. */
export interface Looked {
  services: IpvsService[];
  /** Connections since IPVS was loaded. */
  counted: number;
  /** At most mostConnections. */
  connections: IpvsConnection[];
  /** Whether there may be more than these. */
  cut: boolean;
}

export function readLook(text: string): Looked {
  const part = sections(text);
  const connections = parseConnections(part.get('connections') ?? '');
  return {
    services: parseTable(part.get('table') ?? ''),
    counted: parseCounters(part.get('counters') ?? '').connections,
    connections: connections.slice(0, mostConnections),
    cut: connections.length > mostConnections,
  };
}
