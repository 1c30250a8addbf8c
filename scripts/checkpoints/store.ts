import { randomBytes } from 'node:crypto';
import { readdir, rename, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { freedBy, makePrivateFolder, removeTree } from '../host/files.ts';
import { cacheFolder, type Place } from '../host/paths.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';

// checkpoints/PLACE-LAB/LABEL.ID/ in the cache. Of two with the same label the later one counts: so one replaces another at a single
// moment, when its folder gets its name. Everything but reading is done under the lab's lock.

/** A checkpoint in the cache. */
export interface Kept {
  folder: string;
  lab: string;
  label: string;
  /** Bytes that it would give back to remove it. */
  size: number;
  /** undefined when its checkpoint.json is damaged, or of another version of the kit. */
  checkpoint: Checkpoint | undefined;
}

function checkpointsFolder(): string {
  return join(cacheFolder(), 'checkpoints');
}

function folderOf({ id, lab }: Pick<Place, 'id' | 'lab'>): string {
  return join(checkpointsFolder(), `${id}-${lab}`);
}

/** Every checkpoint of the user, or those of one lab; the latest first. */
export async function keptCheckpoints(place?: Place): Promise<Kept[]> {
  return counting(await namedFolders(place ? [folderOf(place)] : await foldersIn(checkpointsFolder())));
}

/** Those that no later one of the same label has replaced. */
function counting(all: readonly Kept[]): Kept[] {
  const saved = ({ checkpoint }: Kept) => checkpoint?.saved ?? '';
  const latestFirst = [...all].sort((one, other) => (saved(one) < saved(other) ? 1 : -1));
  const isSame = (one: Kept, other: Kept) => one.label === other.label && dirname(one.folder) === dirname(other.folder);
  return latestFirst.filter((one, at) => latestFirst.findIndex((other) => isSame(one, other)) === at);
}

async function namedFolders(labs: readonly string[]): Promise<Kept[]> {
  const folders = (await Promise.all(labs.map(foldersIn))).flat().filter((one) => !isDraft(one));
  return Promise.all(
    folders.map(async (folder) => ({
      folder,
      lab: basename(dirname(folder)).replace(/^[^-]*-/, ''),
      label: basename(folder).replace(/\..*/, ''),
      size: await freedBy(folder),
      checkpoint: await readCheckpoint(folder),
    })),
  );
}

/** A folder for a new checkpoint, which does not count before it has its name. */
export async function makeDraft(place: Place): Promise<{ id: string; draft: string }> {
  await removeLeftovers(place);
  const id = randomBytes(6).toString('hex');
  const draft = join(folderOf(place), `${id}.draft`);
  await makePrivateFolder(draft);
  return { id, draft };
}

/** Gives a draft its name: from now on it is the checkpoint of that label. */
export async function keepDraft(place: Place, draft: string, { label, id }: Checkpoint): Promise<string> {
  const folder = join(folderOf(place), `${label}.${id}`);
  await rename(draft, folder);
  await removeLeftovers(place);
  return folder;
}

/** Removes a checkpoint. The lab may run from it: its machines have the files open. */
export async function forgetCheckpoint(place: Place, { folder }: Kept): Promise<void> {
  await rename(folder, `${folder}.draft`); // a removal that is killed leaves no half of a checkpoint
  await removeLeftovers(place);
}

/** Removes what killed commands have left, and checkpoints that later ones have replaced. */
export async function removeLeftovers(place: Place): Promise<void> {
  const folder = folderOf(place);
  const count = counting(await namedFolders([folder])).map((one) => one.folder);
  await Promise.all((await foldersIn(folder)).filter((one) => !count.includes(one)).map(removeTree));
  // A folder that is not empty stays.
  for (const one of [folder, checkpointsFolder()]) await rmdir(one).catch(() => {});
}

function isDraft(folder: string): boolean {
  return folder.endsWith('.draft');
}

async function foldersIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => join(folder, name));
}
