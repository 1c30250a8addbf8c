import { createHash } from 'node:crypto';
import { readIfThere, writeWhole } from './files.ts';

/** The key of the seal. Other keys of the documents are names of nodes or labs, which cannot look like this. */
const sealKey = '$sha256';

/**
 * Writes a JSON document for later commands, sealed with the hash of its own text. Anything else in the file (half of the text,
 * another program's JSON, an edit by hand) does not count as state, so readers can rely on its shape.
 */
export async function writeState(path: string, state: object): Promise<void> {
  await writeWhole(path, `${JSON.stringify({ ...state, [sealKey]: sealOf(state) }, null, 2)}\n`);
}

/** The document that `writeState` wrote, or undefined if the file is missing or has other content: lost state is made again. */
export async function readState<T extends object>(path: string): Promise<T | undefined> {
  const text = await readIfThere(path);
  return text === undefined ? undefined : parseState(text);
}

/** The same for a text that `writeState` has made. */
export function parseState<T extends object>(text: string): T | undefined {
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
