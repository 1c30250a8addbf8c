import { Address6 } from 'ip-address';

/** Parsers of the kernel's files under /proc/net; formats from net/netfilter/ipvs/ip_vs_ctl.c and ip_vs_conn.c. */

export interface IpvsDestination {
  address: string;
  port: number;
  /** Masq, Route, Tunnel or Local. */
  method: string;
  weight: number;
  active: number;
  inactive: number;
}

export interface IpvsService {
  /** TCP, UDP, SCTP or FWM. */
  protocol: string;
  vip: string;
  port: number;
  /** Of a service by firewall mark, which has neither VIP nor port. */
  mark?: number;
  ipv6: boolean;
  scheduler: string;
  /** In the kernel's order, which is the reverse of the order they were added in. */
  destinations: IpvsDestination[];
}

/** IPv6 as the kernel prints it here, %pI6: all eight groups of four. What is cut off inside is no line of a table. */
const group = '[0-9a-f]{4}';
const inTable = String.raw`([0-9A-F]{8}|\[(?:${group}:){7}${group}\]):([0-9A-F]{4})\s+`;
const serviceLine = new RegExp(String.raw`^(TCP|UDP|SCTP)\s+${inTable}(\S+)`);
const destinationLine = new RegExp(String.raw`^\s+->\s+${inTable}(\w+)\s+(-?\d+)\s+(\d+)\s+(\d+)`);
const connectionAddress = new RegExp(`^([0-9A-F]{8}|\\[?(${group}:){7}${group}\\]?)$`);

/**
 * /proc/net/ip_vs (ip_vs_info_seq_show): services with their destinations, in the kernel's order; addresses, ports and
 * marks in hex, IPv6 in brackets. The family of a mark is that of its destinations.
 */
export function parseTable(text: string): IpvsService[] {
  const services: IpvsService[] = [];
  for (const line of text.split('\n')) {
    const service = serviceLine.exec(line);
    if (service) {
      const [, protocol = '', vip = '', port = '', scheduler = ''] = service;
      const ipv6 = vip.startsWith('[');
      services.push({ protocol, vip: address(vip), port: hex(port), ipv6, scheduler, destinations: [] });
      continue;
    }
    const marked = /^FWM\s+([0-9A-F]{8})\s+(\S+)/.exec(line);
    if (marked) {
      const [, mark = '', scheduler = ''] = marked;
      const none = { vip: '', port: 0, ipv6: false };
      services.push({ protocol: 'FWM', ...none, mark: hex(mark), scheduler, destinations: [] });
      continue;
    }
    const found = destinationLine.exec(line);
    if (!found) continue;
    const owner = services.at(-1);
    if (owner?.mark !== undefined && found[1]?.startsWith('[')) owner.ipv6 = true;
    const [, rip = '', port = '', method = '', weight, active, inactive] = found;
    owner?.destinations.push({
      address: address(rip),
      port: hex(port),
      method,
      weight: Number(weight),
      active: Number(active),
      inactive: Number(inactive),
    });
  }
  return services;
}

export interface IpvsConnection {
  protocol: string;
  client: string;
  clientPort: number;
  vip: string;
  port: number;
  realServer: string;
  realPort: number;
  state: string;
  /** Seconds until it is forgotten. */
  expires: number;
}

/**
 * Prints the connection table, twice. The kernel returns one page at a time, and for each page it counts from the first row again
 * (ip_vs_conn_array in ip_vs_conn.c). So when a connection expires in between, another one is missing.
 */
export const readConnections = 'cat /proc/net/ip_vs_conn /proc/net/ip_vs_conn';

/** /proc/net/ip_vs_conn (ip_vs_conn_seq_show), read once or twice: each connection once, as it was seen last. */
export function parseConnections(text: string): IpvsConnection[] {
  const known = new Map<string, IpvsConnection>();
  for (const one of connectionRows(text)) {
    known.set([one.protocol, one.client, one.clientPort, one.vip, one.port].join(), one);
  }
  return [...known.values()];
}

function connectionRows(text: string): IpvsConnection[] {
  return text.split('\n').flatMap((line) => {
    const [
      protocol = '',
      client = '',
      clientPort = '',
      vip = '',
      port = '',
      rip = '',
      realPort = '',
      state = '',
      left,
    ] = line.trim().split(/\s+/);
    if (![client, vip, rip].every((one) => connectionAddress.test(one))) return [];
    return {
      protocol,
      client: address(client),
      clientPort: hex(clientPort),
      vip: address(vip),
      port: hex(port),
      realServer: address(rip),
      realPort: hex(realPort),
      state,
      expires: Number(left),
    };
  });
}

/** What IPVS has counted since it was loaded, over all services. */
export interface IpvsCounters {
  connections: number;
  inPackets: number;
  outPackets: number;
  /** Of IP packets. */
  inBytes: number;
  outBytes: number;
}

/**
 * /proc/net/ip_vs_stats_percpu (ip_vs_stats_percpu_show): the rows of the CPUs, in hex. Unlike its row `~` and unlike
 * ipvsadm --stats, which from Linux 6.2 on lag up to two seconds behind, these are read as they are now.
 */
export function parseCounters(text: string): IpvsCounters {
  const rows = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((row) => row.length === 6 && /^[0-9A-F]+$/.test(row[0] ?? ''));
  const sum = (column: number) => rows.reduce((total, row) => total + hex(row[column] ?? ''), 0);
  return { connections: sum(1), inPackets: sum(2), outPackets: sum(3), inBytes: sum(4), outBytes: sum(5) };
}

function hex(text: string): number {
  return Number.parseInt(text, 16);
}

/** C0A80103 → 192.168.1.3, [fd00:0000:…:0003] → fd00::3 */
function address(text: string): string {
  if (text.includes(':')) return new Address6(text.replace(/[[\]]/g, '')).correctForm();
  return [0, 2, 4, 6].map((at) => hex(text.slice(at, at + 2))).join('.');
}
