import { join } from 'node:path';
import { readIfThere } from '../host/files.ts';
import { parseState, writeState } from '../host/state-file.ts';
import { planSchema } from '../plan/plan.ts';
import { type Checkpoint, checkpointSchema, format, hasControls } from './schema.ts';

/** Its name in the folder of a checkpoint. It is written last. */
export const imprint = 'checkpoint.json';

/** A checkpoint, or why it cannot be read. */
export type Read = { checkpoint: Checkpoint; why?: never } | { checkpoint?: never; why: string };

export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  await writeState(join(folder, imprint), checkpoint);
}

export async function readCheckpoint(folder: string): Promise<Read> {
  return parseCheckpoint((await readIfThere(join(folder, imprint))) ?? '');
}

/** Reads a checkpoint.json, which may come from anybody: what is wrong is named, and never quoted. */
export function parseCheckpoint(text: string): Read {
  const found = parseState<{ format?: unknown; plan?: { schema?: unknown } }>(text);
  if (!found) return { why: 'its checkpoint.json is missing or was damaged' };
  if (found.format !== format || found.plan?.schema !== planSchema) {
    return { why: 'it was made by another version of lvs-lab' };
  }
  const { success, error } = checkpointSchema.safeParse(found);
  // As it was written: plans are compared by their text, and the order of keys is a part of that.
  if (success && !hasControls(found)) return { checkpoint: found as unknown as Checkpoint };
  const where = error?.issues[0]?.path.join('.') || 'a text in it';
  return { why: `its checkpoint.json is not as this kit writes it: ${where}` };
}
