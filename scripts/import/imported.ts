import type { TableServer } from '../ipvs/table.ts';
import type { Protocol, Tunnel } from '../model/words.ts';

/** A virtual service of somebody's configuration, in a form that a lab can be made of. */
export interface ImportedService {
  /** In words: `TCP 192.0.2.10:80`, `mark 7`. */
  title: string;
  protocol: Protocol | 'mark';
  /** Empty for a mark. */
  vip: string;
  /** The number of a mark. */
  port: number;
  ipv6: boolean;
  scheduler: string;
  flags: string[];
  /** Seconds; 0 is none. */
  persistence: number;
  granularity: string;
  ops: boolean;
  servers: ImportedServer[];
  /** What of it a lab can't have, a phrase each. */
  notCarriedOver: string[];
}

export interface ImportedServer extends Omit<TableServer, 'tunnel'> {
  tunnel: Tunnel;
  /** Of gue; 0 for the others. */
  tunnelPort: number;
}

export interface Imported {
  services: ImportedService[];
  /** What else the file has, which a lab can't have. */
  notCarriedOver: string[];
}
