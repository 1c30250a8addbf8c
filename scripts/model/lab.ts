import type { HealthCheck } from '../backends/health-checks.ts';
import type { BackendName } from '../backends/index.ts';
import type { ProviderName } from '../providers/index.ts';
import type { Family } from './addresses.ts';

/** The three forwarding methods of IPVS; ipvsadm -m, -g and -i. */
export const modes = ['nat', 'dr', 'tun'] as const;
export type Mode = (typeof modes)[number];

/** Debian releases a guest can be made of. */
export const releases = [12, 13] as const;
export type Release = (typeof releases)[number];

/** Debian's kernels: the small one for virtual machines, or the one for every machine, which has more modules. */
export const kernels = ['cloud', 'generic'] as const;
export type Kernel = (typeof kernels)[number];

/** What a guest is made of. */
export interface GuestSystem {
  release: Release;
  kernel: Kernel;
}

/** ipvsadm(8), --scheduler. */
export const schedulers = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'lblc',
  'lblcr',
  'dh',
  'sh',
  'sed',
  'nq',
  'fo',
  'ovf',
  'mh',
  'twos',
] as const;
export type Scheduler = (typeof schedulers)[number];

/** ipvsadm(8), --sched-flags. */
export const schedulerFlags = ['sh-fallback', 'sh-port', 'mh-fallback', 'mh-port'] as const;
export type SchedulerFlag = (typeof schedulerFlags)[number];

/** ipvsadm(8), --tcp-service, --udp-service, --sctp-service. */
export const protocols = ['tcp', 'udp', 'sctp'] as const;
export type Protocol = (typeof protocols)[number];

/** ipvsadm(8), --tun-type: what a request is wrapped in on its way to a real server. */
export const tunnels = ['ipip', 'gue', 'gre'] as const;
export type Tunnel = (typeof tunnels)[number];

/** The networks of a lab: where the clients are, where real servers by nat are, and what is behind a router. */
export type NetworkName = 'front' | 'back' | 'remote';

/** The director's name, and that of a real server which is the director itself. */
export const directorName = 'director';

/** A virtual service. */
export interface Service {
  vip: string;
  protocol: Protocol;
  /** The firewall mark that joins its ports; 0 is none, and there is one port. */
  fwmark: number;
  endpoints: Endpoint[];
  scheduler: Scheduler;
  flags: SchedulerFlag[];
  /** Persistence time-out in seconds; 0 is none. */
  persistence: number;
  /** Netmask, or prefix length of IPv6, of the clients that persistence takes for one; '' for each address by itself. */
  persistenceGranularity: string;
  /** One-packet scheduling: every datagram by itself. */
  ops: boolean;
  /** What its clients ask for, where they ask for pages: the one that names the real server. */
  page: string;
  /** In the order in which they are added. */
  destinations: Destination[];
}

/** A port of the VIP, and who answers there. */
export interface Endpoint {
  port: number;
  backend: BackendName;
}

/** A real server as one of a service's: what `ipvsadm -a` is told. */
export interface Destination {
  /** Name of the real server. */
  server: string;
  /** The director itself: LocalNode. */
  local: boolean;
  mode: Mode;
  /** RIP. */
  address: string;
  /** The port its server listens on; 0 for a service by mark: the one that the client asked for. */
  port: number;
  weight: number;
  /** Connections from which on it gets no new ones, and below which it gets some again; 0 is none. */
  uthreshold: number;
  lthreshold: number;
  /** What requests are wrapped in, in mode tun; the port is gue's. */
  tunnel: Tunnel;
  tunnelPort: number;
}

/** How IPVS treats connections of all services. */
export interface IpvsSettings {
  /** Seconds; ipvsadm --set. */
  timeouts: { tcp: number; tcpfin: number; udp: number } | null;
  /** net.ipv4.vs.NAME, in the order of the file. */
  sysctls: { name: string; value: number }[];
}

/** What watches real servers. */
export const checkers = ['ldirectord', 'keepalived'] as const;

/** Health checks: who looks after the real servers, and what becomes of one that fails. */
export interface Health {
  by: (typeof checkers)[number];
  checks: HealthCheck[];
  /** Seconds from one look to the next, and until a look without an answer is a failure. */
  interval: number;
  timeout: number;
  /** A failed one gets weight 0 and stays in the table; else it is taken out. */
  quiescent: boolean;
  /** When all have failed, the director answers itself. */
  sorryServer: boolean;
}

/** What serves a web site beside the real servers: keys of a lab file. */
export const siteRoles = ['nfs', 'php', 'mysql'] as const;
export type SiteRole = (typeof siteRoles)[number];

/** The web site that real servers serve together. */
export interface Site {
  /** Where its files are: on an NFS server, on a disk with OCFS2 that all share, or a copy on each machine. */
  files: 'nfs' | 'ocfs2' | 'copies';
  /** What it is made of: WordPress needs PHP and a database. */
  pages: 'static' | 'php' | 'wordpress';
  /** Nodes that serve it; null where there is no such server. */
  nfs: string | null;
  php: string | null;
  mysql: string | null;
}

/** A machine that is there for the site alone. */
export interface SiteServer {
  name: string;
  /** One in each network that has real servers. */
  addresses: { network: NetworkName; address: string }[];
}

/** The second director: VRRP gives it the VIP while the first is gone. */
export interface Backup {
  front: string;
  /** Seconds from one VRRP advertisement to the next: after three missing ones the other director takes over. */
  advertInterval: number;
  /** Seconds for which the first director, back again, only listens before it takes the VIP back. */
  preemptDelay: number;
}

/** A machine that serves. */
export interface RealServer {
  /** `director` for LocalNode. */
  name: string;
  /** The director itself, which serves beside the others: LocalNode. */
  local: boolean;
  /** Forwarding method. */
  mode: Mode;
  tunnel: Tunnel;
  tunnelPort: number;
  /** RIP. */
  address: string;
}

/** A lab file with its defaults filled in. */
export interface Lab {
  name: string;
  title: string;
  /** Forwarding method of those real servers that have none of their own. */
  mode: Mode;
  release: Release;
  kernel: Kernel;
  memory: number;
  /** What is to bring its machines up; chosen on the spot where the file says nothing. */
  provider?: ProviderName;
  /** Name of a Vagrant box to make the machines of, instead of the one that the Vagrantfile chooses. */
  box?: string;
  /** Of all its addresses, but those that manage the machines. */
  family: Family;
  networks: { front: string; back?: string; remote?: string };
  director: { front: string; back?: string };
  backup: Backup | null;
  /** Where there is a remote network: what joins it to the front. */
  router?: { front: string; remote: string };
  client: string;
  realServers: RealServer[];
  services: Service[];
  ipvs: IpvsSettings;
  health: Health | null;
  site: Site | null;
  siteServers: SiteServer[];
  /** The director serves its time to the real servers. */
  clock: boolean;
}
