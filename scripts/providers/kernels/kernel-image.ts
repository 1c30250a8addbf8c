import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ProviderError } from '../../errors.ts';
import { exists, writeWhole } from '../../host/files.ts';
import { type Image, recipeScripts } from '../image/image.ts';
import { versionIn } from './boot-image.ts';
import { cpioOf, fileIn, folderNamed } from './cpio.ts';
import type { StoredKernel } from './stored-kernel.ts';

/** A guest image with another kernel than its own: the same root file system, and the modules in a layer above it. */
export async function imageWithKernel(image: Image, kernel: StoredKernel): Promise<Image> {
  const { init } = await recipeScripts();
  const hash = createHash('sha256').update(init).digest('hex').slice(0, 12);
  const initrd = join(kernel.folder, `initrd-${hash}`);
  if (!(await exists(initrd))) await writeWhole(initrd, await initrdOf(image, kernel, init), 0o644);
  return {
    ...image,
    key: `${image.key}+${kernel.key}`,
    kernel: kernel.vmlinuz,
    initrd,
    layer: { name: kernel.name, folder: kernel.folder, file: kernel.modules },
  };
}

/** The name of the kernel that machines of an image have, as uname -r prints it. */
export async function kernelNameOf({ kernel, layer }: Image): Promise<string> {
  const name = layer?.name ?? versionIn(await readFile(kernel));
  if (!name) throw new ProviderError(`${kernel} is not a kernel for x86`, { tryThis: 'lab image build --force' });
  return name;
}

/** Two archives in a row, which the kernel unpacks one after the other: busybox and init.sh, then the modules. */
async function initrdOf(image: Image, kernel: StoredKernel, init: string): Promise<Buffer> {
  const busybox = fileIn(gunzipSync(await readFile(image.initrd)), 'bin/busybox');
  if (!busybox) throw new ProviderError(`${image.initrd} has no busybox`, { tryThis: 'lab image build --force' });
  const folders = ['bin', 'dev', 'proc', 'lower', 'layer', 'rw', 'root'].map(folderNamed);
  const programs = [
    { name: 'bin/busybox', mode: 0o100755, bytes: busybox },
    { name: 'init', mode: 0o100755, bytes: Buffer.from(init) },
  ];
  return Buffer.concat([cpioOf([...folders, ...programs]), await readFile(kernel.drivers)]);
}
