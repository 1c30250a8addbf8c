/** Parsers of what the kernel says under /proc/net; formats from net/netfilter/ipvs/ip_vs_ctl.c and ip_vs_conn.c. */

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
  protocol: string;
  vip: string;
  port: number;
  scheduler: string;
  /** In the kernel's order, which is the reverse of the order they were added in. */
  destinations: IpvsDestination[];
}

/** /proc/net/ip_vs (ip_vs_info_seq_show): IPv4 services with their destinations; addresses and ports in hex. */
export function parseTable(text: string): IpvsService[] {
  const services: IpvsService[] = [];
  for (const line of text.split('\n')) {
    const service = /^(TCP|UDP|SCTP)\s+([0-9A-F]{8}):([0-9A-F]{4})\s+(\S+)/.exec(line);
    if (service) {
      const [, protocol = '', vip = '', port = '', scheduler = ''] = service;
      services.push({ protocol, vip: address(vip), port: hex(port), scheduler, destinations: [] });
      continue;
    }
    const found = /^\s+->\s+([0-9A-F]{8}):([0-9A-F]{4})\s+(\w+)\s+(-?\d+)\s+(\d+)\s+(\d+)/.exec(line);
    if (!found) continue;
    const [, rip = '', port = '', method = '', weight, active, inactive] = found;
    services.at(-1)?.destinations.push({
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

/** /proc/net/ip_vs_conn (ip_vs_conn_seq_show), IPv4. */
export function parseConnections(text: string): IpvsConnection[] {
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
    if (![client, vip, rip].every((one) => /^[0-9A-F]{8}$/.test(one))) return [];
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
}

/**
 * /proc/net/ip_vs_stats_percpu (ip_vs_stats_percpu_show): the rows of the CPUs, in hex. Unlike its row `~` and unlike
 * ipvsadm --stats, which from Linux 6.2 on lag up to two seconds behind, these are read as they are now.
 */
export function parseCounters(text: string): IpvsCounters {
  const sum: IpvsCounters = { connections: 0, inPackets: 0, outPackets: 0 };
  for (const line of text.split('\n')) {
    const [cpu = '', connections = '', inPackets = '', outPackets = '', ...rest] = line.trim().split(/\s+/);
    if (!/^[0-9A-F]+$/.test(cpu) || rest.length !== 2) continue;
    sum.connections += hex(connections);
    sum.inPackets += hex(inPackets);
    sum.outPackets += hex(outPackets);
  }
  return sum;
}

function hex(text: string): number {
  return Number.parseInt(text, 16);
}

/** C0A80103 → 192.168.1.3 */
function address(text: string): string {
  return [0, 2, 4, 6].map((at) => hex(text.slice(at, at + 2))).join('.');
}
