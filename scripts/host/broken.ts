import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Place } from './paths.ts';
import { readState, writeState } from './state-file.ts';

/** What `lab break` has made in a lab, or has begun to make: it is written before. */
export interface Broken {
  /** The seed by which the faults were chosen; null if a person chose them. */
  seed: number | null;
  /** Ids of faults, each with the name of its place. */
  faults: { fault: string; place: string }[];
}

function brokenFile({ folder }: Pick<Place, 'folder'>): string {
  return join(folder, 'broken.json');
}

export function readBroken(place: Pick<Place, 'folder'>): Promise<Broken | undefined> {
  return readState<Broken>(brokenFile(place));
}

export function writeBroken(place: Pick<Place, 'folder'>, broken: Broken): Promise<void> {
  return writeState(brokenFile(place), broken);
}

/** When the faults are gone, or the machines that had them. */
export function removeBroken(place: Pick<Place, 'folder'>): Promise<void> {
  return rm(brokenFile(place), { force: true });
}
