/** The three forwarding methods of IPVS; ipvsadm -m, -g and -i. */
export const modes = ['nat', 'dr', 'tun'] as const;
export type Mode = (typeof modes)[number];

/** Debian releases a guest can be made of. */
export const releases = [12, 13] as const;
export type Release = (typeof releases)[number];

/** What can bring machines up: the embedded QEMU, or Vagrant. */
export const providerNames = ['qemu', 'vagrant'] as const;
export type ProviderName = (typeof providerNames)[number];

/** libvirt and VirtualBox are Vagrant's providers, not ours: whoever asks for one means this. */
export function hypervisorHint(wish: string): string {
  return /^(libvirt|virtualbox|kvm)$/i.test(wish)
    ? `; for ${wish}: VAGRANT_DEFAULT_PROVIDER=${wish.toLowerCase().replace('kvm', 'libvirt')} with --provider vagrant`
    : '';
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

/** A virtual service. */
export interface Service {
  vip: string;
  port: number;
  protocol: 'tcp';
  scheduler: Scheduler;
  flags: SchedulerFlag[];
  /** Persistence time-out in seconds; 0 is none. */
  persistence: number;
  /** Netmask of the clients that persistence takes for one; '' for each address by itself. */
  persistenceGranularity: string;
}

/** How IPVS treats connections of all services. */
export interface IpvsSettings {
  /** Seconds; ipvsadm --set. */
  timeouts: { tcp: number; tcpfin: number; udp: number } | null;
  /** net.ipv4.vs.NAME, in the order of the file. */
  sysctls: { name: string; value: number }[];
}

export interface RealServer {
  name: string;
  /** Forwarding method. */
  mode: Mode;
  /** RIP. */
  address: string;
  port: number;
  weight: number;
  /** Connections from which on it gets no new ones, and below which it gets some again; 0 is none. */
  uthreshold: number;
  lthreshold: number;
}

/** A lab file with its defaults filled in. */
export interface Lab {
  name: string;
  title: string;
  /** Forwarding method of those real servers that have none of their own. */
  mode: Mode;
  release: Release;
  memory: number;
  /** What is to bring its machines up; chosen on the spot where the file says nothing. */
  provider?: ProviderName;
  /** Name of a Vagrant box to make the machines of, instead of the one that the Vagrantfile chooses. */
  box?: string;
  networks: { front: string; back?: string };
  director: { front: string; back?: string };
  client: string;
  realServers: RealServer[];
  service: Service;
  ipvs: IpvsSettings;
}
