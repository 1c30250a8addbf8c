import type { TableServer } from '../ipvs/table.ts';
import type { Protocol, Tunnel } from '../model/words.ts';

/** A virtual service of a configuration that is imported, in a form from which a lab can be made. */
export interface ImportedService {
  /** Its name in messages: `TCP 192.0.2.10:80`, `mark 7`. */
  title: string;
  protocol: Protocol | 'mark';
  /** Empty for a mark. */
  vip: string;
  /** The number of a mark. */
  port: number;
  ipv6: boolean;
  scheduler: string;
  flags: string[];
  /** Seconds; 0 means no persistence. */
  persistence: number;
  granularity: string;
  ops: boolean;
  servers: ImportedServer[];
  /** Parts of it that a lab can't have, a phrase for each. */
  notCarriedOver: string[];
}

export interface ImportedServer extends Omit<TableServer, 'tunnel'> {
  tunnel: Tunnel;
  /** The port of a GUE tunnel; 0 for the others. */
  tunnelPort: number;
}

export interface Imported {
  services: ImportedService[];
  /** Other parts of the file that a lab can't have. */
  notCarriedOver: string[];
}
