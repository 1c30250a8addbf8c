import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashesOf, sizesOf } from '../../host/files.ts';
import { cacheFolder, projectRoot } from '../../host/paths.ts';
import { readState } from '../../host/state-file.ts';
import type { GuestSystem } from '../../model/lab.ts';
import { recipeKey } from './recipe.ts';

/** A guest image: Debian's kernel, a small initrd, and a read-only root file system that all machines share. */
export interface Image {
  key: string;
  system: GuestSystem;
  folder: string;
  kernel: string;
  initrd: string;
  root: string;
}

/** What image.json, written last, says of a finished image. */
export interface Imprint {
  key: string;
  system: GuestSystem;
  built: string;
  seconds: number;
  /** Bytes of kernel, initrd and root file system: a copy that a full disk cut short is told by them. */
  sizes: number[];
  /** SHA-256 of the same; images of earlier versions have none. */
  hashes?: string[];
}

/** The image that the recipe of today makes of a release and a kernel, built or not. */
export async function imageOf(system: GuestSystem): Promise<Image> {
  const { customize, init, box } = await recipeScripts();
  const key = `${systemName(system)}-${recipeKey(system, [customize, init, box])}`;
  return imageIn(join(imagesFolder(), key), key, system);
}

/** debian13, or debian13-generic */
export function systemName({ release, kernel }: GuestSystem): string {
  return `debian${release}${kernel === 'cloud' ? '' : `-${kernel}`}`;
}

export interface RecipeScripts {
  customize: string;
  init: string;
  box: string;
}

export async function recipeScripts(): Promise<RecipeScripts> {
  const text = (name: string) => readFile(join(projectRoot, 'templates/guest-image', name), 'utf8');
  return { customize: await text('customize.sh'), init: await text('init.sh'), box: await text('box.sh') };
}

export function imagesFolder(): string {
  return join(cacheFolder(), 'images');
}

export function imageIn(folder: string, key: string, system: GuestSystem): Image {
  const [kernel = '', initrd = '', root = ''] = partsIn(folder);
  return { key, system, folder, kernel, initrd, root };
}

export async function isBuilt(image: Image): Promise<boolean> {
  const imprint = await readState<Imprint>(join(image.folder, 'image.json'));
  return imprint?.key === image.key && String(imprint.sizes) === String(await sizesOf(partsIn(image.folder)));
}

/** Whether the content of a finished image is another than what was made. */
export async function isImageDamaged(folder: string): Promise<boolean> {
  const imprint = await readState<Imprint>(join(folder, 'image.json'));
  return imprint?.hashes !== undefined && String(imprint.hashes) !== String(await hashesOf(partsIn(folder)));
}

export function partsIn(folder: string): string[] {
  return ['vmlinuz', 'initrd', 'root.erofs'].map((name) => join(folder, name));
}
