import { join } from 'node:path';
import { readState, writeState } from '../host/state-file.ts';
import type { Plan } from '../plan/plan.ts';
import type { SavedMachines } from '../providers/provider.ts';
import type { Part } from './parts.ts';

/** A whole lab as it stood at one moment: checkpoint.json, which is written last. */
export interface Checkpoint {
  /** Of this file. Another number is another version of it, which cannot be read. */
  version: typeof version;
  /** Hex digits that no other checkpoint has. */
  id: string;
  lab: string;
  label: string;
  /** When, as in 2026-01-31T12:00:00.000Z. */
  saved: string;
  /** Version of the kit. */
  kit: string;
  plan: Plan;
  machines: SavedMachines;
  /** Bytes that its files occupy on disk. */
  occupied: number;
  parts: Part[];
}

export const version = 1;

/** Its name in the folder. */
export const imprint = 'checkpoint.json';

export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  await writeState(join(folder, imprint), checkpoint);
}

/** The checkpoint in a folder; undefined where there is none that is finished, or one of another version of the kit. */
export async function readCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  const found = await readState<Checkpoint>(join(folder, imprint));
  return found?.version === version ? found : undefined;
}
