import { randomBytes } from 'node:crypto';
import { readdir, readlink, rename, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { freedBy, makePrivateFolder, removeTree } from '../host/files.ts';
import { tryLock } from '../host/lock.ts';
import { cacheFolder, type Place } from '../host/paths.ts';
import type { Registered } from '../host/registered-labs.ts';
import { labLock } from '../host/run-state.ts';
import { readState, writeState } from '../host/state-file.ts';
import { readCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './schema.ts';

// checkpoints/PLACE-LAB/LABEL.NUMBER.ID/ in the cache. Of two with the same label the one with the higher number counts: so one replaces
// another at a single moment, when its folder gets its name. Everything but reading is done under the lab's lock. lab.json beside
// them says whose they are.

/** A checkpoint in the cache. */
export interface Kept {
  folder: string;
  lab: string;
  label: string;
  /** The folder in which its lab was started; undefined when nobody knows any more. */
  belongsTo: string | undefined;
  /** Bytes that it would give back to remove it. */
  size: number;
  /** undefined when its checkpoint.json cannot be read. */
  checkpoint?: Checkpoint | undefined;
  /** Why it cannot. */
  why?: string | undefined;
}

const record = 'lab.json';

function checkpointsFolder(): string {
  return join(cacheFolder(), 'checkpoints');
}

function folderOf({ id, lab }: Pick<Place, 'id' | 'lab'>): string {
  return join(checkpointsFolder(), `${id}-${lab}`);
}

/** Every checkpoint of the user by lab, or those of one lab; the latest first. */
export async function keptCheckpoints(place?: Pick<Place, 'id' | 'lab'>): Promise<Kept[]> {
  const labs = place ? [folderOf(place)] : await entriesOf(checkpointsFolder());
  const all = await Promise.all(labs.map(async (lab) => counting(await namedFolders(lab))));
  return (await Promise.all(all.flat().map(keptIn))).sort((one, other) => compare(one.lab, other.lab));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

interface Named {
  folder: string;
  label: string;
  number: number;
}

/** The folders of one lab that have their names, the latest first. */
async function namedFolders(lab: string): Promise<Named[]> {
  const all = (await entriesOf(lab)).flatMap((folder) => {
    const [, label, number] = /^([^.]+)\.(\d+)\.[^.]+$/.exec(basename(folder)) ?? [];
    return label === undefined ? [] : { folder, label, number: Number(number) };
  });
  return all.sort((one, other) => other.number - one.number);
}

/** Those that no later one of the same label has replaced. */
function counting(latestFirst: readonly Named[]): Named[] {
  return latestFirst.filter((one, at) => latestFirst.findIndex(({ label }) => label === one.label) === at);
}

async function keptIn({ folder, label }: Named): Promise<Kept> {
  const owner = await readState<Registered>(join(dirname(folder), record));
  return {
    folder,
    lab: basename(dirname(folder)).replace(/^[^-]*-/, ''),
    label,
    belongsTo: owner && dirname(dirname(owner.folder)),
    size: await freedBy(folder),
    ...(await readCheckpoint(folder)),
  };
}

/** A folder for a new checkpoint, which does not count before it has its name. */
export async function makeDraft(place: Place): Promise<{ id: string; draft: string }> {
  await removeLeftovers(place);
  const id = randomBytes(6).toString('hex');
  const draft = join(folderOf(place), `${id}.draft`);
  await makePrivateFolder(draft);
  const owner: Registered = { lab: place.lab, folder: place.folder };
  await writeState(join(folderOf(place), record), owner);
  return { id, draft };
}

/** Gives a draft its name: from now on it is the checkpoint of that label. */
export async function keepDraft(place: Place, draft: string, { label, id }: Checkpoint): Promise<string> {
  const [latest] = await namedFolders(folderOf(place));
  const folder = join(folderOf(place), `${label}.${(latest?.number ?? 0) + 1}.${id}`);
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
export async function removeLeftovers(place: Pick<Place, 'id' | 'lab'>): Promise<void> {
  const folder = folderOf(place);
  const stay = counting(await namedFolders(folder)).map((one) => one.folder);
  const left = (await entriesOf(folder)).filter((one) => !stay.includes(one) && basename(one) !== record);
  await Promise.all(left.map(removeLeftover));
  if (stay.length > 0) return;
  await removeTree(join(folder, record));
  // A folder that is not empty stays.
  for (const one of [folder, checkpointsFolder()]) await rmdir(one).catch(() => {});
}

/** The same for all other labs on which no command works at this moment. */
export async function removeLeftoversOfOthers(place: Place): Promise<void> {
  for (const folder of await entriesOf(checkpointsFolder())) {
    const [, id, lab] = /^([0-9a-f]{10})-(.+)$/.exec(basename(folder)) ?? [];
    if (!id || !lab || id === place.id || !(await entriesOf(folder)).some(isDraft)) continue;
    const lock = await tryLock(labLock(id), 'removing what a killed command has left');
    if (!lock) continue;
    try {
      await removeLeftovers({ id, lab });
    } finally {
      lock.release();
    }
  }
}

/** In a draft that is being written to a file: leads to what is there of that file. */
export const outside = 'outside';

async function removeLeftover(folder: string): Promise<void> {
  const half = await readlink(join(folder, outside)).catch(() => undefined);
  if (half !== undefined) await removeTree(half);
  await removeTree(folder);
}

function isDraft(folder: string): boolean {
  return folder.endsWith('.draft');
}

async function entriesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => join(folder, name));
}
