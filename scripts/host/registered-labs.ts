import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Capabilities } from '../providers/provider-info.ts';
import { cacheFolder, type Place } from './paths.ts';
import { readState, writeState } from './state-file.ts';

/** The record that says where a lab is. */
export interface Registered {
  lab: string;
  folder: string;
}

export function registrationOf(id: string): string {
  return join(cacheFolder(), 'registered', `${id}.json`);
}

/** Writes where a lab is, in its runtime folder; if its machines outlive a logout, which empties that folder, in the cache too. */
export async function registerLab(
  place: Place,
  { outlivesLogout }: Pick<Capabilities, 'outlivesLogout'>,
): Promise<void> {
  const record: Registered = { lab: place.lab, folder: place.folder };
  await writeState(join(place.runtime, 'lab.json'), record);
  if (outlivesLogout) await writeState(registrationOf(place.id), record);
}

/** Labs whose machines may have outlived a logout, by id. */
export async function registeredLabs(): Promise<Map<string, Registered>> {
  const files = await readdir(dirname(registrationOf(''))).catch(() => []);
  const labs = new Map<string, Registered>();
  for (const id of files.map((file) => file.replace(/\.json$/, ''))) {
    const record = await readState<Registered>(registrationOf(id));
    if (record) labs.set(id, record);
  }
  return labs;
}
