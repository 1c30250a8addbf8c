import type { Place } from '../host/paths.ts';
import type { Effort } from '../host/patience.ts';
import type { Plan } from '../plan/plan.ts';
import type { Emit } from '../report/events.ts';
import type { ProviderName } from './index.ts';
import type { ProviderInfo } from './provider-info.ts';

/** How a machine is reached. */
export interface SshEndpoint {
  host: string;
  port: number;
  user: string;
  /** File of the private key. */
  identityFile: string;
  /** The key the machine must answer with: type and base64, as in known_hosts. Another one is refused. */
  hostKey: string;
}

/** A machine that runs and can be reached. */
export interface Machine {
  node: string;
  /** What it has done so far, where this computer can see that. */
  effort?: Effort;
  ssh: SshEndpoint;
}

export interface MachineStatus {
  node: string;
  /** stopped: the machine is there, but its CPU does not run. */
  state: 'running' | 'stopped' | 'unknown';
  pid?: number;
  /** Where its SSH is. */
  sshHost?: string;
  sshPort?: number;
  /** Memory that is this machine's own, in MiB. */
  privateMemory?: number;
}

/** One line of what `lab doctor` shows. */
export interface Finding {
  subject: string;
  ok: boolean;
  found: string;
  /** The command that mends it. */
  mend?: string;
}

/** What brings machines up. It knows nothing of LVS, and LVS code knows nothing of it. */
export interface Provider extends ProviderInfo<ProviderName> {
  /**
   * What this provider has here and what it lacks. Changes nothing.
   * @param needed whether it is the one that labs run with here
   */
  probe(needed: boolean): Promise<Finding[]>;
  /** What must be there before any machine can start and takes long to make. Idempotent. */
  prepare(plan: Plan, emit: Emit): Promise<void>;
  /** Brings every machine of the plan up, and only those; what runs already and is right stays. */
  up(plan: Plan, place: Place, emit: Emit): Promise<Machine[]>;
  /** Those machines of the plan that run, in its order. */
  machines(plan: Plan, place: Place): Promise<Machine[]>;
  status(place: Place): Promise<MachineStatus[]>;
  /** Ends one machine; without a node everything of the lab, and whatever a crashed command left of it. */
  down(place: Place, node?: string): Promise<void>;
  /** One machine as new; of providers with the capability to reset. */
  reset?(plan: Plan, place: Place, node: string, emit: Emit): Promise<Machine>;
}
