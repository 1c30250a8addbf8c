import type { Family } from '../model/addresses.ts';
import type {
  Backup,
  Health,
  IpvsSettings,
  Kernel,
  Mode,
  NetworkName,
  Release,
  Service,
  Site,
  Tunnel,
} from '../model/lab.ts';
import type { ProviderName } from '../providers/index.ts';

/** Changes whenever an older plan would not do. */
export const planSchema = 'lvs-lab/plan/5';

export type Role = 'client' | 'director' | 'router' | 'real-server' | 'site-server';

/** A lab with everything resolved: a plain value that can be printed, compared and sent to a provider. */
export interface Plan {
  schema: typeof planSchema;
  lab: string;
  title: string;
  /** The lab's forwarding method; a real server may have another. */
  mode: Mode;
  release: Release;
  kernel: Kernel;
  /** MiB a machine. */
  memory: number;
  /** What brings the machines up. */
  provider: ProviderName;
  /** Vagrant box to make the machines of, where the lab file names one. */
  box?: string;
  /** Of all addresses of the lab. */
  family: Family;
  networks: PlannedNetwork[];
  nodes: PlannedNode[];
  services: PlannedService[];
  ipvs: IpvsSettings;
  health: Health | null;
  /** Empty where every machine has a clock of its own. */
  clock: ClockClient[];
  /** How the second director follows the first; null where there is one director. */
  backup: Backup | null;
  realServers: PlannedRealServer[];
  site: PlannedSite | null;
  /** Scripts in the order of time: a phase starts when the one before it is done on all nodes. */
  phases: Phase[];
}

export interface PlannedService extends Service {
  /** Requests that `verify` sends. */
  requests: number;
}

export interface PlannedSite extends Site {
  /** Where clients find it: http://VIP */
  url: string;
  /** The service that it is reached by: its number among the plan's. */
  service: number;
  /** Nodes that have its files from elsewhere, with what they mount: an export, or for a disk that all share `ocfs2`. */
  mounts: { node: string; source: string }[];
  /** Where the PHP server finds the database; '' without one. */
  database: string;
}

export interface PlannedNetwork {
  name: NetworkName;
  /** In the form 192.168.1.0/24. */
  cidr: string;
}

export interface PlannedNode {
  name: string;
  role: Role;
  /** Lab NICs, in the order of their slots. The management NIC is the provider's business. */
  nics: Nic[];
  /** The disk that it has beside the image: what is on it outlives the machine. Nodes that name the same one share it. */
  disk?: string;
}

export interface Nic {
  network: NetworkName;
  mac: string;
  address: string;
  /** Bits of the netmask. */
  prefix: number;
}

export interface PlannedRealServer {
  node: string;
  /** LocalNode: the node is the director. */
  local: boolean;
  /** Forwarding method. */
  mode: Mode;
  tunnel: Tunnel;
  tunnelPort: number;
  address: string;
}

/** Who takes the time from the director. */
export interface ClockClient {
  node: string;
  /** The director's address that it asks. */
  source: string;
}

export interface Phase {
  name: string;
  scripts: PlannedScript[];
}

export interface PlannedScript {
  node: string;
  /** Name on the node, numbered: `10-network.sh`. */
  file: string;
  /** Template in templates/, without its ending: `director/network`. */
  template: string;
  context: Record<string, unknown>;
}

export function nodesOf(plan: Plan, role: Role): PlannedNode[] {
  return plan.nodes.filter((node) => node.role === role);
}

/** Real servers by one of these forwarding methods, machines of their own: what the director serves is not forwarded. */
export function serversBy({ realServers }: Plan, ...modes: Mode[]): PlannedRealServer[] {
  return realServers.filter(({ mode, local }) => !local && modes.includes(mode));
}

/** How many requests `verify` sends, to all services. */
export function allRequests({ services }: Plan): number {
  return services.reduce((sum, { requests }) => sum + requests, 0);
}

/** Real servers of a service that get requests: weight 0 gets no new connections. */
export function inUse({ destinations }: Pick<PlannedService, 'destinations'>): PlannedService['destinations'] {
  return destinations.filter(({ weight }) => weight > 0);
}

/** @throws Error in a lab without health checks */
export function healthOf({ health }: Pick<Plan, 'health'>): Health {
  if (!health) throw new Error('a plan without health checks');
  return health;
}

/** @throws Error in a lab of one director */
export function backupOf({ backup }: Pick<Plan, 'backup'>): Backup {
  if (!backup) throw new Error('a plan without a second director');
  return backup;
}

/** Whether health checks give real servers the weight that their load leaves them, instead of the planned one. */
export function weightsFollowLoad({ health }: Pick<Plan, 'health'>): boolean {
  return health?.checks.includes('load') ?? false;
}

/** The VIPs, each once. */
export function vipsOf({ services }: { services: readonly Service[] }): string[] {
  return [...new Set(services.map(({ vip }) => vip))];
}

/** The one node with this role; of two directors the one that has the VIP as long as all is well. */
export function theNode(plan: Plan, role: 'client' | 'director' | 'router'): PlannedNode {
  const node = plan.nodes.find((candidate) => candidate.role === role);
  if (!node) throw new Error(`plan of ${plan.lab} has no ${role}`);
  return node;
}

/** A node's NIC on a network. */
export function nicOn(node: PlannedNode, network: NetworkName): Nic {
  const nic = node.nics.find((candidate) => candidate.network === network);
  if (!nic) throw new Error(`${node.name} has no NIC on network ${network}`);
  return nic;
}
