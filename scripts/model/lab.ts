import type { HealthCheck } from '../backends/health-checks.ts';
import type { BackendName } from '../backends/index.ts';
import type { ProviderName } from '../providers/index.ts';
import type { Family } from './addresses.ts';
import type { KernelWish } from './kernels.ts';
import type {
  Checker,
  Kernel,
  Mode,
  NetworkName,
  OneArm,
  Protocol,
  Release,
  Scheduler,
  SchedulerFlag,
  Tunnel,
} from './words.ts';

/** The system of a guest. */
export interface GuestSystem {
  release: Release;
  kernel: Kernel;
}

/** A virtual service. */
export interface Service {
  vip: string;
  protocol: Protocol;
  /** The firewall mark that joins its ports. 0: no mark, and one port. */
  fwmark: number;
  endpoints: Endpoint[];
  /** It has all ports of the VIP, by persistence; clients of the lab ask at its endpoints. Left out: only those. */
  allPorts?: true;
  /** More ports of a service by mark, as 10000-10100; clients use them only if a server tells them. Left out: none. */
  ranges?: string[];
  scheduler: Scheduler;
  flags: SchedulerFlag[];
  /** Persistence time-out in seconds. 0: no persistence. */
  persistence: number;
  /** Persistence takes clients of a network of this netmask, or IPv6 prefix length, for one client. '': each address by itself. */
  persistenceGranularity: string;
  /** One-packet scheduling: IPVS schedules every datagram by itself. */
  ops: boolean;
  /** Path of the page that names the real server, for clients that ask for pages. */
  page: string;
  /** In the order in which they are added to the table. */
  destinations: Destination[];
}

/** A port of the VIP, and the backend at this port. */
export interface Endpoint {
  port: number;
  backend: BackendName;
}

/** A real server of a service, as `ipvsadm -a` adds it. */
export interface Destination {
  /** Name of the real server. */
  server: string;
  /** The real server is the director itself: LocalNode. */
  local: boolean;
  mode: Mode;
  /** RIP. */
  address: string;
  /** The port that its server listens on. 0, for a service by mark: the port that the client asked for. */
  port: number;
  weight: number;
  /** It gets no new connections from uthreshold connections on, until it has less than lthreshold. 0: no threshold. */
  uthreshold: number;
  lthreshold: number;
  /** It stays in the table with weight 0 when it has failed, or not, whatever the lab's health checks do with others. */
  quiescent?: boolean;
  /** The encapsulation in mode tun, and the port of gue. */
  tunnel: Tunnel;
  tunnelPort: number;
}

/** How IPVS treats connections of all services. */
export interface IpvsSettings {
  /** Seconds; ipvsadm --set. */
  timeouts: { tcp: number; tcpfin: number; udp: number } | null;
  /** net.ipv4.vs.NAME, in the order of the file. */
  sysctls: { name: string; value: number | string }[];
}

/** Health checks: which program checks the real servers, and what happens to one that fails. */
export interface Health {
  by: Checker;
  /** Each service has those that fit its backend. null: the one that its backend has by default. */
  checks: HealthCheck[] | null;
  /** Seconds from one check to the next, and until a check without an answer has failed. */
  interval: number;
  timeout: number;
  /** More checks that must fail before a real server has failed, and for keepalived the seconds between them. */
  retry: number;
  retryDelay: number;
  /** keepalived's: a real server is out until its first check succeeds; its scripts hear of those that go when it stops. */
  alpha: boolean;
  omega: boolean;
  /** keepalived's: the sum of weights that a service needs, lost this much below and gained this much above. */
  quorum: number;
  hysteresis: number;
  /** A failed real server stays in the table with weight 0. Without this it is taken out. */
  quiescent: boolean;
  /** The director answers when all real servers have failed. */
  sorryServer: boolean;
}

/** A web site that the real servers serve together. */
export interface Site {
  /** Its files are on an NFS server, on a shared disk with OCFS2, or copied to each machine. */
  files: 'nfs' | 'ocfs2' | 'copies';
  /** The kind of its pages. WordPress needs PHP and a database. */
  pages: 'static' | 'php' | 'wordpress';
  /** The nodes of its servers; null without such a server. */
  nfs: string | null;
  php: string | null;
  mysql: string | null;
}

/** A machine that serves only the site. */
export interface SiteServer {
  name: string;
  /** An address in each network of real servers. */
  addresses: { network: NetworkName; address: string }[];
}

/** The second director. VRRP gives it the VIP while the first is gone. */
export interface Backup {
  front: string;
  /** With a back network: its address there, and the gateway of the real servers, which moves together with the VIP. */
  back?: string;
  gateway?: string;
  /** Seconds from one VRRP advertisement to the next. After three missing ones the other director takes over. */
  advertInterval: number;
  /** Seconds that the first director, when it is back, only listens before it takes the VIP back. */
  preemptDelay: number;
  /** It does not take it back while the other one has it. */
  nopreempt: boolean;
  /** Advertisements go to the other director alone. */
  unicast: boolean;
  sync: SyncDaemons;
}

/** Options of the sync daemons; undefined for the kernel's default. */
export interface SyncDaemons {
  syncid: number;
  maxlen?: number | undefined;
  group?: string | undefined;
  port?: number | undefined;
  ttl?: number | undefined;
}

/** A real server of a lab. */
export interface RealServer {
  /** `director` for LocalNode. */
  name: string;
  /** It is the director itself: LocalNode. */
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
  /** Forwarding method of real servers that have no other. */
  mode: Mode;
  release: Release;
  kernel: KernelWish;
  /** Nodes with another kernel. */
  kernels: Readonly<Record<string, KernelWish>>;
  /** Directors that load the module ip_vs from a file, in the place of their kernel's own. */
  modules: Readonly<Record<string, string>>;
  memory: number;
  /** The provider that the file names. Without it the kit chooses one. */
  provider?: ProviderName;
  /** Vagrant box of the machines, instead of the one that the Vagrantfile chooses. */
  box?: string;
  /** The family of all its addresses, except those that manage the machines. */
  family: Family;
  networks: { front: string; back?: string; remote?: string };
  director: { front: string; back?: string };
  backup: Backup | null;
  /** By NAT without a back network; left out with one. */
  oneArm?: OneArm;
  /** The router between front and remote network; undefined without a remote network. */
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
