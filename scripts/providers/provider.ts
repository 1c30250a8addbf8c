import type { Place } from '../host/paths.ts';
import type { Effort } from '../host/patience.ts';
import type { LineChange } from '../model/line.ts';
import type { NetworkName } from '../model/words.ts';
import type { Plan } from '../plan/plan.ts';
import type { Emit } from '../report/events.ts';
import type { ProviderName } from './index.ts';
import type { Part, ProviderInfo } from './provider-info.ts';

export type { Directed, LineChange, LineSettings } from '../model/line.ts';

/** How to log in to a machine. */
export interface SshEndpoint {
  host: string;
  port: number;
  user: string;
  /** File of the private key. */
  identityFile: string;
  /** The host key that the machine must answer with: type and base64, as in known_hosts. Any other is refused. */
  hostKey: string;
}

/** A running machine that answers. */
export interface Machine {
  node: string;
  /** Its effort so far, where this computer can measure it. */
  effort?: Effort;
  /** It stands still: a save is under way, or was killed. */
  still?: true;
  ssh: SshEndpoint;
}

export interface MachineStatus {
  node: string;
  /** stopped: the machine exists, but its CPU does not run. */
  state: 'running' | 'stopped' | 'unknown';
  pid?: number;
  /** Where its SSH is. */
  sshHost?: string;
  sshPort?: number;
  /** MiB of memory that this machine does not share. */
  privateMemory?: number;
}

/** One line of `lab doctor`. */
export interface Finding {
  subject: string;
  ok: boolean;
  found: string;
  /** The command that corrects it. */
  mend?: string;
}

/** What a checkpoint notes of its machines, for whoever loads it. */
export interface SavedMachines {
  /** Version of the program that ran them, as it says itself. */
  version: string;
  /** What ran their code: kvm or tcg. */
  accelerator: string;
  /** A key of the machines' hardware: others cannot go on with what was saved. */
  hardware: string;
  /** This computer's CPU, if they depend on it; else empty. */
  cpu: string;
  machines: {
    node: string;
    /** The folder of its image in the checkpoint. */
    image: string;
    /** Its image has a layer with the modules of another kernel. */
    layer?: boolean | undefined;
  }[];
}

/** A file that saving makes. */
export interface SavedFile {
  /** Its path in the checkpoint's folder. */
  file: string;
  /** Bytes, where they are known before. */
  size?: number;
}

/** Saves the machines of a lab as they stand, and brings them back. */
export interface Checkpointing {
  /** All files that save() has made of these machines. */
  files(plan: Plan, saved: SavedMachines): SavedFile[];
  /** MiB that save() writes into a folder at most. @throws ProviderError when not all machines of the plan run */
  roomToSave(plan: Plan, place: Place, folder: string): Promise<number>;
  /**
   * Saves all machines and disks into a folder. They stand still meanwhile, and go on however it ends, also after Ctrl-C.
   */
  save(plan: Plan, place: Place, folder: string, emit: Emit): Promise<SavedMachines>;
  /** @throws ProviderError when machines that were saved somewhere cannot run here */
  requireFit(saved: SavedMachines, plan: Plan): Promise<void>;
  /**
   * Asks before the machines of the lab are ended that may run: they make room.
   * @throws MissingPartError when there is too little memory or disk
   */
  requireRoom(plan: Plan, place: Place, checkpoint: { folder: string; saved: SavedMachines }): Promise<void>;
  /**
   * Starts the machines of a checkpoint, at the same moment, with the right clock and fresh randomness. None of the lab may run.
   * @param explain throws an error if the checkpoint was damaged; called when a machine does not come up
   */
  load(
    plan: Plan,
    place: Place,
    checkpoint: { folder: string; saved: SavedMachines; explain: () => Promise<void> },
  ): Promise<Machine[]>;
  /** Whether a save has stopped machines that do not all go on yet: it runs, or was killed. Asks no machine: they cannot answer. */
  isStopped(place: Place): Promise<boolean>;
  /**
   * Lets machines go on that stand still since a save was killed, with the right clock. The caller holds the lab's lock, so no
   * save is under way.
   */
  goOn(place: Place, emit: Emit): Promise<void>;
}

/** Makes lines bad and good again. No guest can see that its line was changed, only what becomes of its frames. */
export interface Lines {
  /** What `set` needs on this computer, in addition to the provider's other parts: see prepareHost. */
  parts: readonly Part[];
  /**
   * Gives a line these settings in place of those that it had. The caller holds the lab's lock. `up`, `reset` of the node and
   * `down` make lines good again; so does `set` with an empty `line`, also after a command that was killed in the middle.
   * @throws ProviderError for a node without such a line, and where networks cannot be changed
   */
  set(place: Place, change: LineChange): Promise<void>;
  /** The lines that are not all right, with their settings. One that is cut has a loss of 100 per cent. */
  changed(place: Place): Promise<LineChange[]>;
}

/** A frame as it was seen at one place of a network. */
export interface SeenFrame {
  network: NetworkName;
  /**
   * Undefined: at the switch, when it came in. Otherwise at this node's end of its line, sent by the node's NIC or delivered to
   * it. The two ends of a line are told apart only while the line is not all right; else each frame is seen once, at the switch.
   */
  end?: string;
  /** Microseconds since 1970, by this computer's clock: one clock for all networks. */
  time: number;
  /** From the destination's MAC to the end of the payload, not cut. */
  bytes: Uint8Array;
}

/** A network as it was captured. */
export interface CapturedNetwork {
  network: NetworkName;
  /** What came in at the switch: a file of pcap, Ethernet, with microseconds. Each frame is there as often as it came in. */
  frames: Uint8Array;
  /**
   * The same of the node's end of each line that is not all right. A frame of its node that is in here and not in `frames` was lost on
   * the line; so was a frame to the node that is in `frames` and not in here.
   */
  ends: { node: string; frames: Uint8Array }[];
}

/** A capture that runs. */
export interface Capture {
  /** Frames in the order of their times, each some milliseconds after it was seen. It ends after `stop` or `end`. */
  frames(): AsyncIterable<SeenFrame>;
  /** Ends the capture. @returns everything since its start, a network each, in the plan's order */
  stop(): Promise<CapturedNetwork[]>;
  /** Ends the capture, for those who have read its frames. */
  end(): Promise<void>;
}

/** Captures whole networks, without a trace in any guest. Several captures of a lab may run at the same time. */
export interface Capturing {
  /**
   * Returns when frames are being captured. A command that is killed leaves a capture that takes disk space until the next capture of
   * the lab ends, or `up` or `down`.
   * @param networks all of the plan's if it is missing
   * @throws ProviderError where networks cannot be captured
   */
  start(plan: Plan, place: Place, networks?: readonly NetworkName[]): Promise<Capture>;
}

/** Makes the machines of a lab. A provider knows nothing about LVS, and LVS code knows nothing about providers. */
export interface Provider extends ProviderInfo<ProviderName> {
  /**
   * Looks at what this provider finds on this computer, and what is missing. Changes nothing.
   * @param needed whether labs run on it here
   */
  probe(needed: boolean): Promise<Finding[]>;
  /**
   * Makes what must exist before any machine starts and takes long to make. Idempotent.
   * @param place of machines that may stay; where all can stay nothing is made
   */
  prepare(plan: Plan, emit: Emit, place?: Place): Promise<void>;
  /** Starts every machine of the plan, and ends all others of the lab. Running machines that fit the plan stay. */
  up(plan: Plan, place: Place, emit: Emit): Promise<Machine[]>;
  /** The running machines of the plan, in its order. */
  machines(plan: Plan, place: Place): Promise<Machine[]>;
  status(place: Place): Promise<MachineStatus[]>;
  /** Why a machine that does not run has ended: what its kernel wrote at the end. Undefined where nothing is known. */
  whyEnded?(place: Place, node: string): Promise<string | undefined>;
  /** Ends one machine. Without a node it ends everything of the lab, also the leftovers of a crashed command. */
  down(place: Place, node?: string): Promise<void>;
  /** Replaces one machine by a new one. Only providers with the capability `reset` have this. */
  reset?(plan: Plan, place: Place, node: string, emit: Emit): Promise<Machine>;
  /** Only providers with the capability `checkpoints` have this. */
  checkpoints?: Checkpointing;
  /** Only providers with the capability `lines` have this. */
  lines?: Lines;
  /** Only providers with the capability `capture` have this. */
  capture?: Capturing;
}
