import type { HintCommand } from '../checks/hint.ts';

/** The layer of networking in which a cause lies, from the cable upwards. */
export type Layer =
  | 'line'
  | 'nic'
  | 'neighbour'
  | 'ip'
  | 'firewall'
  | 'ipvs'
  | 'transport'
  | 'daemon'
  | 'application'
  | 'time'
  | 'ha';

/** What is wrong with a lab, on which node, and why clients see it. */
export interface Cause {
  /** The id of a known fault (scripts/faults/); for other causes a noun in kebab case. */
  id: string;
  node: string;
  layer: Layer;
  /** The thing that is wrong: `net.ipv4.conf.all.arp_ignore`, `tunl0`, `TCP 192.168.1.3:80`. */
  object: string;
  /** What is wrong. A clause: no capital letter, no full stop. */
  what: string;
  /** Why clients see what they see; '' when that is not known. */
  why: string;
  /** What else was seen: one clause for each observation. */
  evidence: string[];
  /** Commands that repair it, the best one first. */
  mend: HintCommand[];
  /** When the node was last known to be right, in the form of Date.toISOString. */
  since?: string;
}

/** A cause, and the values that decide its rank. */
export interface Suspect extends Cause {
  /**
   * How much is known.
   * - `seen`: an observation shows the harm itself
   * - `harmful`: something has changed, and this change is known to do harm
   * - `differs`: something has changed
   * - `harmless`: something has changed, and this change is known to do no harm by itself
   */
  proof: 'seen' | 'harmful' | 'differs' | 'harmless';
  /** The real servers whose requests it can disturb. */
  hurts: string[];
  /** Ids of checks that it can make fail. */
  explains: string[];
}

/** The result of a diagnosis. */
export interface Diagnosis {
  /** What is wrong, the most likely first. */
  causes: Cause[];
  /** What has changed without any harm that was seen. */
  notes: Cause[];
  /** Ids of checks that failed or warn, and that no cause explains. */
  unexplained: string[];
}
