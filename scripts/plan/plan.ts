import type { Family } from '../model/addresses.ts';
import type { KernelWish } from '../model/kernels.ts';
import type { Backup, Health, IpvsSettings, Service, Site } from '../model/lab.ts';
import type { Mode, NetworkName, OneArm, Release, Tunnel } from '../model/words.ts';
import type { ProviderName } from '../providers/index.ts';

/** Changes whenever a plan of an earlier version cannot be used. */
export const planSchema = 'lvs-lab/plan/7';

export type Role = 'client' | 'director' | 'router' | 'real-server' | 'site-server';

/** A lab with everything resolved: a plain value that can be printed, compared and sent to a provider. */
export interface Plan {
  schema: typeof planSchema;
  lab: string;
  /** Path of the lab file as it was typed, where the lab was named by it. A name is enough without it. */
  file?: string;
  title: string;
  /** The lab's forwarding method. A real server can have another. */
  mode: Mode;
  release: Release;
  /** The kernel of nodes that have no other. The provider finds out which one that is. */
  kernel: KernelWish;
  /** MiB of memory for each machine. */
  memory: number;
  /** The provider that makes the machines. */
  provider: ProviderName;
  /** The machines' clock counts the instructions of their CPU. Left out where it is this computer's. */
  instructionClock?: true;
  /** Vagrant box of the machines, if the lab file names one. */
  box?: string;
  /** The family of all addresses of the lab. */
  family: Family;
  networks: PlannedNetwork[];
  nodes: PlannedNode[];
  /** Debian packages of the programs that the nodes need, beside what every guest has. */
  packages: string[];
  services: PlannedService[];
  ipvs: IpvsSettings;
  health: Health | null;
  /** The nodes that take the time from the director; empty without `clock: true`. */
  clock: ClockClient[];
  /** The second director; null without one. */
  backup: Backup | null;
  /** By NAT without a back network; left out with one. */
  oneArm?: OneArm;
  realServers: PlannedRealServer[];
  site: PlannedSite | null;
  /** Scripts in the order of time. A phase begins when the one before it has ended on all nodes. */
  phases: Phase[];
}

export interface PlannedService extends Service {
  /** Requests that `verify` sends. */
  requests: number;
}

export interface PlannedSite extends Site {
  /** Its address for clients: http://VIP */
  url: string;
  /** The service by which clients reach it: its index in the plan's services. */
  service: number;
  /** Nodes that mount its files, with what they mount: an NFS export, or `ocfs2` for a shared disk. */
  mounts: { node: string; source: string }[];
  /** Address of the database for the PHP server; '' without a database. */
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
  /** Lab NICs, in the order of their slots. The provider adds the management NIC. */
  nics: Nic[];
  /**
   * What machines of its role do in every lab, as templates without values. A provider may clone machines that have done it
   * before; the scripts of the node do it where it is not done.
   */
  warm: string[];
  /** Its kernel, where that is not the lab's. */
  kernel?: KernelWish;
  /** The file of the module ip_vs that it loads in the place of its kernel's own; with it come those beside it. */
  module?: string;
  /** A disk beside the image, which outlives the machine. Nodes that name the same disk share it. */
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

/** A node that takes the time from the director. */
export interface ClockClient {
  node: string;
  /** The address of the director from which it takes the time. */
  source: string;
}

export interface Phase {
  name: string;
  scripts: PlannedScript[];
}

export interface PlannedScript {
  node: string;
  /** File name on the node, with a number: `10-network.sh`. */
  file: string;
  /** Template in templates/, without its ending: `director/network`. */
  template: string;
  context: Record<string, unknown>;
}

export function kernelOf({ kernel }: Pick<Plan, 'kernel'>, node: Pick<PlannedNode, 'kernel'>): KernelWish {
  return node.kernel ?? kernel;
}

export function nodesOf(plan: Plan, role: Role): PlannedNode[] {
  return plan.nodes.filter((node) => node.role === role);
}

/** Real servers with one of these forwarding methods, without the director, to which nothing is forwarded. */
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

/** The value that a lab has for net.ipv4.vs.NAME; undefined for the kernel's. */
export function sysctlOf({ ipvs }: Pick<Plan, 'ipvs'>, name: string): number | string | undefined {
  return ipvs.sysctls.find((one) => one.name === name)?.value;
}

/** Whether health checks set the weights of real servers by their load, so that they differ from the planned ones. */
export function weightsFollowLoad({ health }: Pick<Plan, 'health'>): boolean {
  return health?.checks?.includes('load') ?? false;
}

/** The VIPs, each once. */
export function vipsOf({ services }: { services: readonly Service[] }): string[] {
  return [...new Set(services.map(({ vip }) => vip))];
}

/** The node with this role. Of two directors it is the active one, which has the VIP if nothing has failed. */
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
