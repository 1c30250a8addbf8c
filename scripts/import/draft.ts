import type { Family } from '../model/addresses.ts';
import type { Mode, Tunnel } from '../model/words.ts';
import type { ImportedServer } from './imported.ts';
import type { Ledger } from './ledger.ts';

/** Networks of the lab, by family. */
export const networks = {
  4: { front: '192.168.1.0/24', back: '172.16.0.0/16' },
  6: { front: 'fd00:1::/64', back: 'fd00:2::/64' },
} as const;

/** A real server of the lab. It is here once, even if it belongs to several services. */
export interface Machine {
  /** Its addresses in the configuration. The director can have several, and so can a machine that real servers share. */
  rips: string[];
  /** 0, or more for the second and third server of one address in a service. */
  instance: number;
  /** It is the director: LocalNode. */
  local: boolean;
  name: string;
  /** In the lab. */
  address: string;
  mode: Mode;
  tunnel: Tunnel;
  tunnelPort: number;
}

/** The parts of the lab so far. */
export interface Draft {
  family: Family;
  ledger: Ledger;
  machines: Machine[];
  /** The machine of each real server of each service. */
  places: Map<ImportedServer, Machine>;
  /** The most machines, and whether real servers share them because there are more. */
  most: number;
  sharing: boolean;
  /** VIP of the configuration → VIP of the lab. A mark has a VIP too, under its title. */
  vips: Map<string, string>;
  /** Services that the lab has: `tcp 192.168.1.3 80`, or the title of a mark. */
  names: Set<string>;
  /** Claims to ports of the machines; see model/taken-ports.ts. */
  ports: Map<string, string>;
}
