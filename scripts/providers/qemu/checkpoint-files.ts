import { constants, copyFile, link, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ProviderError } from '../../errors.ts';
import { copySparse } from '../../host/copy-sparse.ts';
import { makePrivateFolder, occupied, removeTree } from '../../host/files.ts';
import { openFileOf } from '../../host/open-file.ts';
import type { Place } from '../../host/paths.ts';
import type { OwnProcess } from '../../host/processes.ts';
import type { Plan } from '../../plan/plan.ts';
import { partsIn } from '../image/image.ts';
import type { SavedMachines } from '../provider.ts';
import { diskFile } from './disks.ts';
import { valueAfter } from './lab-processes.ts';

/** What a checkpoint holds of a node: memory, and device state. */
export function filesIn(folder: string, node: string): { memory: string; state: string } {
  return { memory: join(folder, `${node}.memory`), state: join(folder, `${node}.state`) };
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
  const kept = new Map<string, string>();
  const images: SavedMachines['machines'] = [];
  for (const [node, { pid, argv }] of machines) {
    const parts = partsIn(dirname(valueAfter(argv, '-kernel') ?? ''));
    const root = parts.at(-1) ?? '';
    const sources = [...parts.slice(0, -1), (await openFileOf(pid, root)) ?? root];
    const { dev, ino } = await statOf(sources.at(-1) ?? '', node);
    const known = kept.get(`${dev} ${ino}`);
    const image = known ?? `image${kept.size === 0 ? '' : kept.size + 1}`;
    images.push({ node, image });
    if (known) continue;
    kept.set(`${dev} ${ino}`, image);
    await makePrivateFolder(join(folder, image));
    for (const [at, part] of parts.entries()) {
      await linkOrCopy(part, sources[at] ?? part, join(folder, image, basename(part)), node);
    }
  }
  return images;
}

/** The images of a lab that was loaded, by the name of their folder in the checkpoint. */
export function imagesOf(place: Place): string {
  return join(place.folder, 'images');
}

/** Gives a lab the images of a checkpoint, so that it outlives that: a machine's kernel must be there when it is saved again. */
export async function loadImages(place: Place, folder: string, { machines }: SavedMachines): Promise<void> {
  const image = new Map(machines.map((one) => [one.image, one.node]));
  for (const [name, node] of image) {
    const target = await makePrivateFolder(join(imagesOf(place), name));
    for (const part of partsIn(join(folder, name))) await linkOrCopy(part, part, join(target, basename(part)), node);
  }
}

export async function removeImages(place: Place): Promise<void> {
  await removeTree(imagesOf(place));
}

/** A second link to `path`, if it is still what `source` is, else a copy of that. */
async function linkOrCopy(path: string, source: string, target: string, node: string): Promise<void> {
  const wanted = await statOf(source, node);
  const there = await stat(path).catch(() => undefined);
  const same = there?.ino === wanted.ino && there.dev === wanted.dev;
  const linked =
    same &&
    (await link(path, target).then(
      () => true,
      () => false, // another file system, or one without links
    ));
  if (!linked) await copyFile(source, target, constants.COPYFILE_FICLONE);
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

/** MiB that the disks of a checkpoint occupy. */
export async function sizeOfDisks(plan: Plan, place: Place, folder: string): Promise<number> {
  return Math.ceil((await occupied(disksOf(plan, place, folder).map(({ saved }) => saved))) / 2 ** 20);
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
