import type { HintCommand } from '../checks/hint.ts';

/** Where in the way of a packet a cause lies, from the cable upwards. */
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

/** What is wrong with a lab, where, and why that has its symptom. */
export interface Cause {
  /** The id of a fault of the shelf where there is one; else a noun in kebab case. */
  id: string;
  node: string;
  layer: Layer;
  /** The thing that is wrong: `net.ipv4.conf.all.arp_ignore`, `tunl0`, `TCP 192.168.1.3:80`. */
  object: string;
  /** What is wrong. A clause: no capital letter, no full stop. */
  what: string;
  /** Why clients see what they see; '' where that is not known. */
  why: string;
  /** What was seen, a clause each. */
  evidence: string[];
  /** Commands that mend it, the best one first. */
  mend: HintCommand[];
  /** The last moment at which it was known to be right, in the form of Date.toISOString. */
  since?: string;
}

/** A cause with what its rank depends on. */
export interface Suspect extends Cause {
  /**
   * How much is known.
   * - `seen`: an observation shows the cause at work
   * - `harmful`: it differs from what it was, in a way that is known to do harm
   * - `differs`: it differs from what it was
   * - `harmless`: it differs from what it was, in a way that is known to do no harm by itself
   */
  proof: 'seen' | 'harmful' | 'differs' | 'harmless';
  /** The real servers whose requests it can hurt. */
  hurts: string[];
  /** Ids of checks that it can make fail. */
  explains: string[];
}

/** The result of a diagnosis. */
export interface Diagnosis {
  /** What is wrong, the most likely first. */
  causes: Cause[];
  /** What differs where nothing shows that it does harm. */
  notes: Cause[];
  /** Ids of checks that failed or warn and that no cause explains. */
  unexplained: string[];
}
