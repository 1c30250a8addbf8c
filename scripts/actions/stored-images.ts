import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { occupiedBy } from '../host/files.ts';
import { runtimeFolder } from '../host/paths.ts';
import { findProcesses } from '../host/processes.ts';
import { readState } from '../host/state-file.ts';
import { kernels, releases } from '../model/words.ts';
import { buildRootsFolder } from '../modules/build-root.ts';
import { imageOf, imagesFolder } from '../providers/image/image.ts';
import { extents } from '../providers/image/recipe.ts';
import { kernelsFolder } from '../providers/kernels/catalog.ts';
import { findQemu } from '../providers/qemu/qemu-program.ts';
import { areCurrent, type Imprint as TemplateImprint, templatesFolder } from '../providers/qemu/template.ts';

/** An image, another kernel, a template machine or a root for builds in the cache. */
export interface Stored {
  kind: 'image' | 'kernel' | 'template' | 'build-root';
  key: string;
  folder: string;
  built: string;
  /** Bytes on disk. */
  size: number;
  inUse: boolean;
  /** Hashes of its files were kept, so they can be compared. */
  hashed: boolean;
  /** Made by the recipe of this version. */
  current: boolean;
}

/** The value of `built` where the record is missing, because the image or template was not finished. */
export const unfinished = 'unfinished';

/** All images, kernels and templates in the cache, also unfinished ones. */
export async function storedImages(): Promise<Stored[]> {
  const inUse = (await findProcesses(`${runtimeFolder()}/`)).flatMap(({ argv }) => argv);
  const systems = releases.flatMap((release) => kernels.map((kernel) => ({ release, kernel })));
  const images = systems.flatMap((system) => extents.map((extent) => imageOf(system, extent)));
  const keys = (await Promise.all(images)).map(({ key }) => key);
  const qemu = await findQemu().catch(() => undefined);
  const recipe = { keys: new Set(keys), qemu: qemu?.version };
  const places = [
    { kind: 'image', parent: imagesFolder() },
    { kind: 'kernel', parent: kernelsFolder() },
    { kind: 'template', parent: templatesFolder() },
    { kind: 'build-root', parent: buildRootsFolder() },
  ] as const;
  const found = places.map(async ({ kind, parent }) =>
    Promise.all((await foldersIn(parent)).map((key) => storedImage(kind, join(parent, key), key, recipe, inUse))),
  );
  return (await Promise.all(found)).flat();
}

async function foldersIn(parent: string): Promise<string[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  // Beside kernels is the folder of apt, whose lists are no kernel.
  return entries.filter((entry) => entry.isDirectory() && entry.name !== 'apt').map(({ name }) => name);
}

/** What the records of all kinds have in common, and more of a template. */
type Imprint = Partial<TemplateImprint>;

async function storedImage(
  kind: Stored['kind'],
  folder: string,
  key: string,
  recipe: { keys: ReadonlySet<string>; qemu: string | undefined },
  inUse: readonly string[],
): Promise<Stored> {
  const record = await readState<Imprint>(join(folder, `${kind}.json`));
  return {
    kind,
    key,
    folder,
    built: record?.built ?? unfinished,
    size: await occupiedBy(folder),
    hashed: record?.hashes !== undefined,
    inUse: inUse.some((argument) => argument.includes(`${folder}/`)),
    current: await isCurrent(kind, key, record, recipe),
  };
}

/** A kernel is never out of date, nor are its headers: the archive may have dropped them. */
async function isCurrent(
  kind: Stored['kind'],
  key: string,
  { image = key, qemu, scripts = [] }: Imprint = {},
  recipe: { keys: ReadonlySet<string>; qemu: string | undefined },
): Promise<boolean> {
  if (kind === 'kernel' || kind === 'build-root') return !key.endsWith('.draft');
  // Of a template with another kernel: IMAGE+KERNEL.
  if (!recipe.keys.has(image.split('+')[0] ?? '')) return false;
  return kind === 'image' || (qemu === recipe.qemu && (await areCurrent(scripts)));
}
