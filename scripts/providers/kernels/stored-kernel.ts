import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hashesOf, sizesOf } from '../../host/files.ts';
import { readState } from '../../host/state-file.ts';
import type { Kernel } from '../../model/words.ts';
import { kernelsFolder } from './catalog.ts';
import type { DebianKernel } from './debian-kernel.ts';

/** Files of one's own, as the store has taken them. */
export interface OwnKernel {
  name: string;
  version: string;
  image: string;
  modules: string;
}

/** kernel.json: describes a kernel in the cache, and is written last. */
export interface KernelImprint {
  format: typeof kernelFormat;
  key: string;
  /** As uname -r prints it. */
  name: string;
  version: string;
  flavour: Kernel | 'own';
  /** The packages that it was made of; missing for files of one's own. */
  debian?: DebianKernel;
  own?: OwnKernel;
  built: string;
  seconds: number;
  /** Bytes and SHA-256 of the files that kernelFiles() lists. */
  sizes: number[];
  hashes: string[];
}

export const kernelFormat = 1;

/** A kernel in the cache, beside the guest images. */
export interface StoredKernel {
  key: string;
  name: string;
  version: string;
  folder: string;
  vmlinuz: string;
  /** A layer for the image: usr/lib/modules/NAME. */
  modules: string;
  /** The part of its initrd that has modules. */
  drivers: string;
}

export function kernelFolder(key: string): string {
  return join(kernelsFolder(), key);
}

/** The key of a kernel that is made of these contents. */
export function kernelKey(name: string, hashes: readonly string[]): string {
  const hash = createHash('sha256')
    .update([layout, ...hashes].join('\n'))
    .digest('hex')
    .slice(0, 12);
  return `${name}-${hash}`;
}

/** Changes when the store makes something else of the same packages. */
const layout = '3';

export function storedAt(key: string, { name, version }: Pick<KernelImprint, 'name' | 'version'>): StoredKernel {
  const folder = kernelFolder(key);
  const [vmlinuz = '', modules = '', drivers = ''] = kernelFiles(folder);
  return { key, name, version, folder, vmlinuz, modules, drivers };
}

export function kernelFiles(folder: string): string[] {
  return ['vmlinuz', 'modules.erofs', 'drivers.cpio'].map((name) => join(folder, name));
}

/** Debian's changelog of a kernel, gzip. */
export function changelogIn(folder: string): string {
  return join(folder, 'changelog.gz');
}

/** What kernel.json says, where all files are there in their sizes. */
export async function imprintIn(folder: string): Promise<KernelImprint | undefined> {
  const imprint = await readState<KernelImprint>(join(folder, 'kernel.json'));
  if (imprint?.format !== kernelFormat) return undefined;
  return String(imprint.sizes) === String(await sizesOf(kernelFiles(folder))) ? imprint : undefined;
}

/** Whether the files of a finished kernel have changed since they were made. */
export async function isKernelDamaged(folder: string): Promise<boolean> {
  const imprint = await readState<KernelImprint>(join(folder, 'kernel.json'));
  return imprint !== undefined && String(imprint.hashes) !== String(await hashesOf(kernelFiles(folder)));
}

/** All whole kernels in the cache. */
export async function keptKernels(): Promise<KernelImprint[]> {
  const entries = await readdir(kernelsFolder(), { withFileTypes: true }).catch(() => []);
  const folders = entries.filter(
    (entry) => entry.isDirectory() && /^\d/.test(entry.name) && !entry.name.endsWith('.draft'),
  );
  const found = await Promise.all(folders.map(({ name }) => imprintIn(kernelFolder(name))));
  return found.filter((one) => one !== undefined);
}
