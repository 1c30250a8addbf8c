/** The three forwarding methods of IPVS: ipvsadm -m, -g and -i. */
export const modes = ['nat', 'dr', 'tun'] as const;
export type Mode = (typeof modes)[number];

/** Debian releases of guests. */
export const releases = [12, 13] as const;
export type Release = (typeof releases)[number];

/** Debian's kernels: cloud is a small one for virtual machines, generic is for any machine and has more modules. */
export const kernels = ['cloud', 'generic'] as const;
export type Kernel = (typeof kernels)[number];

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

/** ipvsadm(8), --tun-type: the encapsulation of requests to a real server. */
export const tunnels = ['ipip', 'gue', 'gre'] as const;
export type Tunnel = (typeof tunnels)[number];

export const defaultTunnel: Tunnel = 'ipip';

/**
 * How answers get back to the director by NAT in one network: by a route on each real server, or because the director puts its own
 * address into the requests.
 */
export const oneArms = ['routes', 'snat'] as const;
export type OneArm = (typeof oneArms)[number];

/** The port that IANA has assigned to GUE. */
export const guePort = 6080;

/** The networks of a lab: front has the client and the VIP, back the real servers by nat, remote those behind a router. */
export type NetworkName = 'front' | 'back' | 'remote';

/** The director's name. A real server of this name is the director itself. */
export const directorName = 'director';

/** Programs that check real servers and keep the table. */
export const checkers = ['ldirectord', 'keepalived'] as const;
export type Checker = (typeof checkers)[number];

/** Servers of a web site beside the real servers, as keys of a lab file. */
export const siteRoles = ['nfs', 'php', 'mysql'] as const;
export type SiteRole = (typeof siteRoles)[number];
