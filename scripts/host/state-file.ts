import { createHash } from 'node:crypto';
import { readIfThere, writeWhole } from './files.ts';

/** The seal's key; no node or lab can be called that, and the documents are keyed by such names. */
const sealKey = '$sha256';

/**
 * Writes a JSON document for later commands, sealed: with the hash of its own text. Whatever else comes to be in the file
 * — half of it, another program's JSON, an edit by hand — is then no state of ours, and no reader need doubt its shape.
 */
export async function writeState(path: string, state: object): Promise<void> {
  await writeWhole(path, `${JSON.stringify({ ...state, [sealKey]: sealOf(state) }, null, 2)}\n`);
}

/** What `writeState` wrote there, or undefined when the file is missing or anything else: state that is lost is made anew. */
export async function readState<T extends object>(path: string): Promise<T | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    const { [sealKey]: seal, ...state } = JSON.parse(text) as Record<string, unknown>;
    return seal === sealOf(state) ? (state as T) : undefined;
  } catch {
    return undefined;
  }
}

function sealOf(state: object): string {
  return createHash('sha256').update(JSON.stringify(state)).digest('hex');
}
