import type { Kernel } from '../model/words.ts';

/** A part of this computer that the kit works with, and can install. */
export interface Part {
  /** A program, or a file by its full path. */
  part: string;
  /** The Debian and Ubuntu package that has it. */
  package: string;
  what: string;
  /** Root does without. */
  withoutRootOnly?: true;
}

/** What labs and commands may ask of a provider. */
export interface Capabilities {
  /** A machine can have a disk beside its image, which outlives the machine, and which machines can share. */
  disks: boolean;
  /** Debian's kernels that its machines can boot. */
  kernels: readonly Kernel[];
  /** Machines can be made of a Vagrant box that the lab names. */
  boxes: boolean;
  /** One machine can be made as new, faster than it is ended and brought up. */
  reset: boolean;
  /** Its machines go on when the user logs out, which empties the runtime folder. */
  outlivesLogout: boolean;
  /** Networks on which it manages the machines, so no lab can use them. */
  managementNetworks: readonly string[];
}

/** What is known of a provider before it is asked to do anything: plain values. */
export interface ProviderInfo<Name extends string = string> {
  /** The word for it in a lab file. */
  name: Name;
  /** What it needs of this computer, beside what every lab needs. */
  parts: readonly Part[];
  /** A program that it needs as well, and that a person has to install. */
  program?: string;
  capabilities: Capabilities;
}
