import type { IpvsConnection, IpvsCounters, IpvsService } from '../ipvs/parse.ts';
import type { TableService } from '../ipvs/table.ts';
import type { ClockSeen } from './clock-seen.ts';
import type { FirewallSeen } from './firewall-seen.ts';

/** What was seen on the nodes of a lab; checks judge it. */
export interface Observations {
  client: ClientSeen;
  director: DirectorSeen;
  /** Of two directors both, by node; else nothing. */
  pair: Map<string, OneOfTwo>;
  /** Where the lab has one. */
  router: RouterSeen | undefined;
  /** By node. */
  realServers: Map<string, RealServerSeen>;
  /** Of every node. */
  firewalls: Map<string, FirewallSeen>;
}

/** One request and what came of it. */
export interface Answer {
  /** HTTP status; 226 is FTP's; 200 for an answer of what has none. 0 when there was no answer. */
  status: number;
  /** The real server that the page names. */
  server: string | undefined;
  /** The client's port: a new one a connection, but for one-packet scheduling. */
  localPort: number;
  seconds: number;
  /** What the client program said when it failed. */
  error: string | undefined;
}

export interface ClientSeen {
  /** Of each service, in the plan's order. */
  services: ServiceSeen[];
  /** Of each VIP. */
  vips: Map<string, VipSeen>;
}

export interface ServiceSeen {
  answers: Answer[];
  /** First packets of answers. */
  replies: Reply[];
}

export interface VipSeen {
  /** MAC in the client's neighbour entry, after the requests. */
  neighbour: string | undefined;
  /** MACs of all that answered ARP, or a neighbour solicitation, for it. */
  owners: string[];
}

export interface Reply {
  /** MAC of the NIC that sent it. */
  sender: string;
  source: string;
  sourcePort: number;
  /** The client's port. */
  localPort: number;
}

export interface DirectorSeen {
  before: IpvsCounters;
  after: IpvsCounters;
  tableBefore: IpvsService[];
  table: IpvsService[];
  /** What ipvsadm-save tells, with thresholds. */
  rules: TableService[];
  connectionsBefore: IpvsConnection[];
  /** Since the first request: the table of the end, and what was in it meanwhile. One connection may be in it twice. */
  connections: IpvsConnection[];
  /** `tcp`, `tcpfin`, `udp`: seconds; `conn_reuse_mode` and its like. Empty where the plan has none. */
  settings: Map<string, number>;
  /** Helpers of IPVS, as /proc/net/ip_vs_app lists them: `ftp 21`. */
  helpers: string[];
  /** The rules that set firewall marks, as nft lists them; empty where there are none. */
  marks: string;
  addresses: Interface[];
  forward: boolean;
  /** Direct requests to the real servers of each service, at each of its ports, in the plan's order. */
  reach: Answer[][];
}

/** A director beside another one. */
export interface OneOfTwo {
  /** What keepalived takes it for: `MASTER`, `BACKUP`, `FAULT`; undefined when it does not run. */
  state: string | undefined;
  /** As ipvsadm -l --daemon tells them: `master` → `mcast=eth0, syncid=1, …`. */
  daemons: Map<string, string>;
  addresses: Interface[];
  rules: TableService[];
}

export interface RouterSeen {
  /** `forwarding` → 1; `all.rp_filter`, `eth0.rp_filter` → 0, of IPv4. */
  sysctls: Map<string, number>;
}

export interface Interface {
  name: string;
  up: boolean;
  /** With their prefix: 192.168.1.3/32. */
  addresses: string[];
}

export interface RealServerSeen {
  /** Packets that came out of the tunnel's device, where there is one. */
  tunnelBefore: number | undefined;
  tunnelAfter: number | undefined;
  addresses: Interface[];
  /** Next hop of the default route. */
  gateway: string | undefined;
  /** `all.arp_ignore` → 1; the lab NIC is `nic`. */
  sysctls: Map<string, number>;
  /** What unwraps UDP, as `ip fou show` says it: `port 6080 gue`. */
  fou: string[];
  /** Where the plan has one. */
  clock: ClockSeen | undefined;
}
