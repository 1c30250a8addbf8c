import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashesOf, sizesOf } from '../../host/files.ts';
import { cacheFolder, projectRoot } from '../../host/paths.ts';
import { readState } from '../../host/state-file.ts';
import type { GuestSystem } from '../../model/lab.ts';
import { type Extent, recipeKey } from './recipe.ts';

/** A guest image: Debian's kernel, a small initrd, and a read-only root file system that all machines share. */
export interface Image {
  key: string;
  system: GuestSystem;
  folder: string;
  kernel: string;
  initrd: string;
  root: string;
  /** Modules of a kernel that is not the image's own: a read-only file system that lies above the root. */
  layer?: { name: string; folder: string; file: string };
}

/** An image that a recipe makes. */
export interface RecipeImage extends Image {
  extent: Extent;
}

/** image.json: describes a finished image, and is written last. */
export interface Imprint {
  key: string;
  system: GuestSystem;
  extent: Extent;
  built: string;
  seconds: number;
  /** Bytes of kernel, initrd and root file system. They show a copy that a full disk has cut short. */
  sizes: number[];
  /** SHA-256 of the same files. Images of earlier versions of the kit have none. */
  hashes?: string[];
}

/** The image that the current recipe makes from a release and a kernel, whether it is built or not. */
export async function imageOf(system: GuestSystem, extent: Extent = 'full'): Promise<RecipeImage> {
  const { customize, site, init, box } = await recipeScripts();
  const scripts = [customize, init, box, ...(extent === 'full' ? [site] : [])];
  const size = extent === 'full' ? '' : `${extent}-`;
  const key = `${systemName(system)}-${size}${recipeKey(system, extent, scripts)}`;
  return { ...imageIn(join(imagesFolder(), key), key, system), extent };
}

/** debian13, or debian13-generic */
export function systemName({ release, kernel }: GuestSystem): string {
  return `debian${release}${kernel === 'cloud' ? '' : `-${kernel}`}`;
}

export interface RecipeScripts {
  customize: string;
  /** What the full image has more. */
  site: string;
  init: string;
  box: string;
}

export async function recipeScripts(): Promise<RecipeScripts> {
  const text = (name: string) => readFile(join(projectRoot, 'templates/guest-image', name), 'utf8');
  return {
    customize: await text('customize.sh'),
    site: await text('site.sh'),
    init: await text('init.sh'),
    box: await text('box.sh'),
  };
}

export function imagesFolder(): string {
  return join(cacheFolder(), 'images');
}

export function imageIn(folder: string, key: string, system: GuestSystem): Image {
  const [kernel = '', initrd = '', root = ''] = imageFiles(folder);
  return { key, system, folder, kernel, initrd, root };
}

export async function isBuilt(image: Image): Promise<boolean> {
  const imprint = await readState<Imprint>(join(image.folder, 'image.json'));
  return imprint?.key === image.key && String(imprint.sizes) === String(await sizesOf(imageFiles(image.folder)));
}

/** Whether the files of a finished image have changed since they were made. */
export async function isImageDamaged(folder: string): Promise<boolean> {
  const imprint = await readState<Imprint>(join(folder, 'image.json'));
  return imprint?.hashes !== undefined && String(imprint.hashes) !== String(await hashesOf(imageFiles(folder)));
}

export function imageFiles(folder: string): string[] {
  return ['vmlinuz', 'initrd', 'root.erofs'].map((name) => join(folder, name));
}

/** Where a checkpoint keeps the layer of an image that has another kernel. */
export function layerFile(folder: string): string {
  return join(folder, 'modules.erofs');
}
