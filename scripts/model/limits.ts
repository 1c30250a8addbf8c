/** A range of whole numbers, both ends included. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** Real servers of a lab. Each is a machine, so a computer's memory is the limit long before IPVS is. */
export const realServerCount: Range = { least: 1, most: 64 };

/** Virtual services of a lab. */
export const serviceCount: Range = { least: 1, most: 32 };

/** Requests that one check sends to a service. */
export const requestCount: Range = { least: 1, most: 1000 };

/** Client addresses that `lab simulate` can tell apart: they are host 100 to 249 of a /24. */
export const simulatedClientCount: Range = { least: 1, most: 150 };

/** Connections with which `lab compare` compares schedulers. */
export const comparedConnectionCount: Range = { least: 1, most: 1_000_000 };

/** Requests of each kind with which `lab compare` compares labs. */
export const comparedRequestCount: Range = { least: 1, most: 200 };

/** Rounds of `lab compare --growth`. */
export const growthRoundCount: Range = { least: 1, most: 50 };

/** VIPs of that service: they are hosts of 198.18.0.0/16. */
export const comparedVipCount: Range = { least: 1, most: 65_534 };

/** Weight of a real server; ipvsadm(8), --weight. */
export const weightRange: Range = { least: 0, most: 65_535 };

/** Connections from which on a real server gets no new ones; 0 is no limit. The largest number that ipvsadm -x takes. */
export const thresholdRange: Range = { least: 0, most: 2 ** 31 - 1 };

/** Seconds of persistence, and of the time-outs of `ipvsadm --set`; ipvsadm's MAX_TIMEOUT, 31 days. */
export const longestTimeout = 31 * 24 * 3600;

/** A firewall mark; 0 is none. */
export const fwmarkRange: Range = { least: 1, most: 2 ** 32 - 1 };

/** A TCP, UDP or SCTP port. */
export const portRange: Range = { least: 1, most: 65_535 };

/** MiB of memory of a machine. */
export const memoryRange: Range = { least: 256, most: 8192 };

/** Characters of a node's name, which becomes a host name. */
export const longestNodeName = 32;

/** Characters of a lab's name, which becomes a folder and a part of paths to sockets. */
export const longestLabName = 41;

/** Characters of a lab's title. */
export const longestTitle = 80;

/** Hosts of the front network at least: client, director and VIP. */
export const fewestInFront = 3;
