import { join } from 'node:path';
import type { KeptPath } from '../page/lab-report.ts';
import type { Place } from './paths.ts';
import { readState, writeState } from './state-file.ts';

/** The file with the last request that was followed. */
export function pathFile({ folder }: Pick<Place, 'folder'>): string {
  return join(folder, 'path.json');
}

export function keepPath(place: Pick<Place, 'folder'>, path: KeptPath): Promise<void> {
  return writeState(pathFile(place), path);
}

export function readKeptPath(place: Pick<Place, 'folder'>): Promise<KeptPath | undefined> {
  return readState<KeptPath>(pathFile(place));
}
