import { constants, copyFile, link, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ProviderError } from '../../errors.ts';
import { copySparse } from '../../host/copy-sparse.ts';
import { makePrivateFolder, occupied, removeTree } from '../../host/files.ts';
import { openFileOf } from '../../host/open-file.ts';
import type { Place } from '../../host/paths.ts';
import type { OwnProcess } from '../../host/processes.ts';
import type { Plan } from '../../plan/plan.ts';
import { imageFiles, layerFile } from '../image/image.ts';
import type { SavedFile, SavedMachines } from '../provider.ts';
import { diskFile } from './disks.ts';
import { valueAfter } from './lab-processes.ts';
import { diskSize, readOnlyFile } from './machine-arguments.ts';

/** What a checkpoint holds of a node: memory, and device state. */
export function filesIn(folder: string, node: string): { memory: string; state: string } {
  return { memory: join(folder, `${node}.memory`), state: join(folder, `${node}.state`) };
}

/** All files that are saved of these machines. */
export function savedFiles({ nodes, memory }: Plan, { machines }: SavedMachines): SavedFile[] {
  const images = new Map(machines.map(({ image, layer }) => [image, layer]));
  const disks = [...new Set(nodes.flatMap(({ disk }) => disk ?? []))];
  return [
    ...nodes.flatMap(({ name }) => {
      const files = filesIn('', name);
      return [{ file: files.memory, size: memory * 2 ** 20 }, { file: files.state }];
    }),
    ...[...images].flatMap(([image, layer]) => partsOfImage(image, layer)).map((file) => ({ file })),
    ...disks.map((disk) => ({ file: `disk-${disk}.raw`, size: diskSize * 2 ** 20 })),
  ];
}

/** The files of an image in a checkpoint. @param layer it has a layer with the modules of another kernel */
function partsOfImage(folder: string, layer = false): string[] {
  return [...imageFiles(folder), ...(layer ? [layerFile(folder)] : [])];
}

/** A file that becomes another one's copy: by a link if `path` is still what `source` is. */
interface Copy {
  path: string;
  source: string;
  target: string;
  /** Whose machine needs it. */
  node: string;
}

/** The images that machines run from, as they are to be kept. */
async function imagesOfMachines(
  machines: ReadonlyMap<string, OwnProcess>,
  folder: string,
): Promise<{ images: SavedMachines['machines']; copies: Copy[] }> {
  const kept = new Map<string, string>();
  const images: SavedMachines['machines'] = [];
  const copies: Copy[] = [];
  for (const [node, { pid, argv }] of machines) {
    const disks = (['root', 'layer'] as const).flatMap((id) => readOnlyFile(argv, id) ?? []);
    const read = ['-kernel', '-initrd'].map((option) => valueAfter(argv, option) ?? '');
    const sources = [...read];
    for (const path of disks) sources.push((await openFileOf(pid, path)) ?? path);
    // A machine with another kernel than the image's own has that image's root.
    const identity = [read[0]];
    for (const source of sources.slice(read.length)) {
      const { dev, ino } = await statOf(source, node);
      identity.push(`${dev} ${ino}`);
    }
    const known = kept.get(identity.join(' '));
    const image = known ?? `image${kept.size === 0 ? '' : kept.size + 1}`;
    const layer = disks.length > 1;
    images.push({ node, image, ...(layer && { layer }) });
    if (known) continue;
    kept.set(identity.join(' '), image);
    const targets = partsOfImage(join(folder, image), layer);
    for (const [at, path] of [...read, ...disks].entries()) {
      copies.push({ path, source: sources[at] ?? path, target: targets[at] ?? '', node });
    }
  }
  return { images, copies };
}

/**
 * Keeps the images that machines run from, so that the checkpoint outlives them. A link takes no room, and an image is never changed
 * once it is made; but it may have been built anew, under the same path, while the machines run on.
 * @returns for each node the folder of its image
 */
export async function keepImages(
  machines: ReadonlyMap<string, OwnProcess>,
  folder: string,
): Promise<SavedMachines['machines']> {
  const { images, copies } = await imagesOfMachines(machines, folder);
  await makeCopies(copies);
  return images;
}

/** MiB that the images of machines take in a checkpoint. */
export async function roomForImages(machines: ReadonlyMap<string, OwnProcess>, folder: string): Promise<number> {
  return roomForCopies((await imagesOfMachines(machines, folder)).copies, folder);
}

/** The images of a lab that was loaded, by the name of their folder in the checkpoint. */
export function imagesOf(place: Place): string {
  return join(place.folder, 'images');
}

function imagesOfCheckpoint(place: Place, folder: string, { machines }: SavedMachines): Copy[] {
  const image = new Map(machines.map((one) => [one.image, one]));
  return [...image].flatMap(([name, { node, layer }]) => {
    return partsOfImage(join(folder, name), layer).map((path) => {
      return { path, source: path, target: join(imagesOf(place), name, basename(path)), node };
    });
  });
}

/** Gives a lab the images of a checkpoint, so that it outlives that: a machine's kernel must be there when it is saved again. */
export async function loadImages(place: Place, folder: string, saved: SavedMachines): Promise<void> {
  await makeCopies(imagesOfCheckpoint(place, folder, saved));
}

/** MiB that a lab takes in its folder, beside the checkpoint that it is loaded from. */
export async function roomToLoad(plan: Plan, place: Place, folder: string, saved: SavedMachines): Promise<number> {
  const images = await roomForCopies(imagesOfCheckpoint(place, folder, saved), dirname(dirname(place.folder)));
  return images + mebibytes(await occupied(disksOf(plan, place, folder).map((one) => one.saved)));
}

export async function removeImages(place: Place): Promise<void> {
  await removeTree(imagesOf(place));
}

async function makeCopies(copies: readonly Copy[]): Promise<void> {
  for (const copy of copies) {
    await makePrivateFolder(dirname(copy.target));
    const linked =
      (await isSame(copy)) &&
      (await link(copy.path, copy.target).then(
        () => true,
        () => false, // another file system, or one without links
      ));
    if (!linked) await copyFile(copy.source, copy.target, constants.COPYFILE_FICLONE);
  }
}

/** MiB of those that cannot be links. */
async function roomForCopies(copies: readonly Copy[], folder: string): Promise<number> {
  const { dev } = await stat(folder);
  let bytes = 0;
  for (const copy of copies) {
    const wanted = await statOf(copy.source, copy.node);
    if (wanted.dev !== dev || !(await isSame(copy))) bytes += wanted.size;
  }
  return mebibytes(bytes);
}

async function isSame({ path, source, node }: Copy): Promise<boolean> {
  const wanted = await statOf(source, node);
  const there = await stat(path).catch(() => undefined);
  return there?.ino === wanted.ino && there.dev === wanted.dev;
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}

async function statOf(file: string, node: string) {
  return stat(file).catch(() => {
    throw new ProviderError(`the image that the machine was started from is not there any more: ${file}`, {
      node,
      tryThis: 'lab reset with the same lab, which starts it from today’s image',
    });
  });
}

function disksOf({ nodes }: Plan, place: Place, folder: string): { file: string; saved: string }[] {
  const files = new Set(nodes.flatMap((node) => diskFile(place, node) ?? []));
  return [...files].map((file) => ({ file, saved: join(folder, `disk-${basename(file)}`) }));
}

/** MiB that the disks of a lab occupy. */
export async function roomForDisks(plan: Plan, place: Place): Promise<number> {
  return mebibytes(await occupied(disksOf(plan, place, '').map(({ file }) => file)));
}

export async function saveDisks(plan: Plan, place: Place, folder: string, over: AbortSignal): Promise<void> {
  for (const { file, saved } of disksOf(plan, place, folder)) await copySparse(file, saved, over);
}

export async function loadDisks(plan: Plan, place: Place, folder: string): Promise<void> {
  const disks = disksOf(plan, place, folder);
  for (const { file, saved } of disks) {
    await makePrivateFolder(dirname(file));
    await copySparse(saved, file);
  }
}
