import type { HealthCheck } from '../backends/health-checks.ts';
import type { Checker, Mode, Protocol, Tunnel } from '../model/words.ts';
import type { Statement } from './statement.ts';

/** A value of a configuration, and the statement that says it; no statement says a default. */
export interface Said<T> {
  value: T;
  by?: Statement | undefined;
}

/** A virtual service of a configuration, in a form from which a lab can be made. */
export interface ImportedService {
  by: Statement;
  /** Other statements that say nothing but that it is there. */
  also: Statement[];
  protocol: Protocol | 'mark';
  /** Empty for a mark. */
  vip: string;
  /** The number of a mark; 0 stands for every port. */
  port: number;
  ipv6: boolean;
  scheduler: Said<string>;
  flags: Said<string>[];
  /** Seconds; 0 means no persistence. */
  persistence: Said<number>;
  granularity: Said<string>;
  ops: Said<boolean>;
  /** In the order in which they are added to the table. */
  servers: ImportedServer[];
  /** Of a mark: what the configuration says of its packets, although IPVS goes by the mark alone. */
  hints?: { protocol?: Said<Protocol>; port?: number };
  /** Health checks of its real servers. */
  watch?: Watch;
}

export interface ImportedServer {
  by: Statement;
  /** Other statements that say nothing but that it is there. */
  also: Statement[];
  /** IPv6 without brackets. */
  address: string;
  port: number;
  forwarding: Said<Mode>;
  weight: Said<number>;
  /** Thresholds; 0 means no threshold. */
  upper: Said<number>;
  lower: Said<number>;
  tunnel: Said<Tunnel>;
  /** The port of a GUE tunnel; 0 for the others. */
  tunnelPort: Said<number>;
  checks: Check[];
  /** It is the director, as the configuration says itself. */
  local?: boolean;
  /** Once its checks fail it stays in the table with weight 0. */
  quiescent: Said<boolean>;
}

/** What watches the real servers of a service. */
export interface Watch {
  by: Checker;
  /** What answers when all real servers have failed. */
  sorry?: Said<string>;
  /** What keepalived says of a service. */
  omega?: Said<boolean>;
  quorum?: Said<number>;
  hysteresis?: Said<number>;
}

/** One health check of a real server. */
export interface Check {
  by: Statement;
  /** As a lab can have it; undefined for one that no lab can have. */
  kind?: HealthCheck | undefined;
  /** Seconds. */
  interval: Said<number>;
  timeout: Said<number>;
  /** More checks that must fail, and the seconds between them. */
  retry: Said<number>;
  retryDelay: Said<number>;
  /** The real server is out until the check succeeds. */
  alpha: Said<boolean>;
  /** Other statements that say what a lab's check does anyway. */
  alike: Statement[];
}

/** Two directors. */
export interface ImportedPair {
  by: Statement;
  /** Seconds between two advertisements. */
  interval: Said<number>;
  preemptDelay: Said<number>;
  nopreempt: Said<boolean>;
  unicast: Said<boolean>;
  /** What is said of the sync daemons, and by what. */
  sync: Said<Partial<Record<'syncid' | 'maxlen' | 'port' | 'ttl', number>> & { group?: string }>;
  /** Its addresses, a statement each. */
  vips: Statement[];
  /** Statements that say what a lab's pair does anyway. */
  alike: Statement[];
}

export interface ImportedTimeouts {
  tcp: Said<number>;
  tcpfin: Said<number>;
  udp: Said<number>;
}

export interface Imported {
  services: ImportedService[];
  /** Addresses of the director itself. */
  own: Said<string>[];
  timeouts?: ImportedTimeouts;
  sysctls: { name: string; value: number | string; by: Statement }[];
  pairs: ImportedPair[];
  /** What this kind of configuration does not tell, a sentence for each. */
  untold: string[];
}

export function nothingImported(): Imported {
  return { services: [], own: [], sysctls: [], pairs: [], untold: [] };
}
