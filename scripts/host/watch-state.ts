import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from './files.ts';
import type { Place } from './paths.ts';
import { readState, writeState } from './state-file.ts';

/** The server keeps these, so that an open page still works after the server is started again. */
export interface WatchState {
  token: string;
  port: number;
}

export function readWatchState({ folder }: Pick<Place, 'folder'>): Promise<WatchState | undefined> {
  return readState<WatchState>(join(folder, 'watch.json'));
}

export function writeWatchState({ folder }: Pick<Place, 'folder'>, state: WatchState): Promise<void> {
  return writeState(join(folder, 'watch.json'), state);
}

function openerFile({ folder }: Pick<Place, 'folder'>): string {
  return join(folder, 'watch.html');
}

/**
 * A file that leads a browser to an address with a token. Other users may see a program's arguments, but not what is in this file.
 * @returns its path
 */
export async function writeOpener(place: Pick<Place, 'folder'>, address: string): Promise<string> {
  const file = openerFile(place);
  await writeWhole(file, `<!DOCTYPE html>\n<meta http-equiv="refresh" content="0; url=${address}">\n`);
  return file;
}

export function removeOpener(place: Pick<Place, 'folder'>): Promise<void> {
  return rm(openerFile(place), { force: true });
}
