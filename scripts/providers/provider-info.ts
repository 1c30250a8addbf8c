import type { Kernel } from '../model/words.ts';

/** A program or file that the kit needs on this computer, and can install. */
export interface Part {
  /** A program, or a file by its full path. */
  part: string;
  /** The Debian and Ubuntu package that has it. */
  package: string;
  what: string;
  /** Root does without. */
  withoutRootOnly?: true;
}

/** What a provider can do, as far as labs and commands depend on it. */
export interface Capabilities {
  /** A machine can have a disk beside its image, which outlives the machine, and which machines can share. */
  disks: boolean;
  /** The kernels that its machines can boot, of those that a release has itself; or any kernel. */
  kernels: readonly Kernel[] | 'any';
  /** Machines can be made from a Vagrant box that the lab names. */
  boxes: boolean;
  /** One machine can be replaced by a new one, faster than by `down` and `up`. */
  reset: boolean;
  /** A whole lab can be saved as it stands, and brought back. */
  checkpoints: boolean;
  /** The line between a machine and its network can be made bad, and good again, while all machines run. */
  lines: boolean;
  /** The frames of whole networks can be captured, with the times of one clock. */
  capture: boolean;
  /** The machines' clock can count the instructions of their CPU, so that a time is a number of instructions. */
  instructionClock: boolean;
  /** Its machines keep running when the user logs out, which empties the runtime folder. */
  outlivesLogout: boolean;
  /** Networks on which it manages the machines. No lab can use them. */
  managementNetworks: readonly string[];
}

/** What is known of a provider before it is asked to do anything: plain values. */
export interface ProviderInfo<Name extends string = string> {
  /** Its name in a lab file. */
  name: Name;
  /** What it needs on this computer, in addition to what every lab needs. */
  parts: readonly Part[];
  /** What it needs in addition where machines have another kernel than their release's own. */
  kernelParts?: readonly Part[];
  /** Another program that it needs. The user has to install it. */
  program?: string;
  capabilities: Capabilities;
}
