import type { IpvsConnection, IpvsCounters, IpvsService } from '../ipvs/parse.ts';

/** What was seen on the nodes of a lab; checks judge it. */
export interface Observations {
  client: ClientSeen;
  director: DirectorSeen;
  /** By node. */
  realServers: Map<string, RealServerSeen>;
}

/** One request and what came of it. */
export interface Answer {
  /** HTTP status, 0 when there was none. */
  status: number;
  /** The real server that the page names. */
  server: string | undefined;
  /** The client's port: a new one a connection. */
  localPort: number;
  seconds: number;
  /** curl's words when it failed. */
  error: string | undefined;
}

export interface ClientSeen {
  answers: Answer[];
  /** MAC in the client's neighbour entry for the VIP, after the requests. */
  neighbour: string | undefined;
  /** MACs of all that answered ARP for the VIP. */
  arpReplies: string[];
  /** First packets of answers. */
  replies: Reply[];
}

export interface Reply {
  /** MAC of the NIC that sent it. */
  sender: string;
  source: string;
  /** The client's port. */
  localPort: number;
}

export interface DirectorSeen {
  before: IpvsCounters;
  after: IpvsCounters;
  tableBefore: IpvsService[];
  table: IpvsService[];
  connectionsBefore: IpvsConnection[];
  connections: IpvsConnection[];
  /** By real server's address and port. */
  thresholds: Map<string, { upper: number; lower: number }>;
  /** `tcp`, `tcpfin`, `udp`: seconds; `conn_reuse_mode` and its like. Empty where the plan has none. */
  settings: Map<string, number>;
  addresses: Interface[];
  forward: boolean;
  /** Direct requests to the real servers, in the plan's order. */
  reach: Answer[];
}

export interface Interface {
  name: string;
  up: boolean;
  /** With their prefix: 192.168.1.3/32. */
  addresses: string[];
}

export interface RealServerSeen {
  /** Packets that came out of tunl0, where there is one. */
  tunnelBefore: number | undefined;
  tunnelAfter: number | undefined;
  addresses: Interface[];
  /** Next hop of the default route. */
  gateway: string | undefined;
  /** `all.arp_ignore` → 1; the lab NIC is `nic`. */
  sysctls: Map<string, number>;
}
