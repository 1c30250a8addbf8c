import { ProviderError } from '../../errors.ts';
import { removeTree } from '../../host/files.ts';
import { tryLock } from '../../host/lock.ts';
import { patient } from '../../host/patience.ts';
import { type Image, isImageDamaged } from '../image/image.ts';
import { isKernelDamaged } from '../kernels/stored-kernel.ts';
import { isTemplateDamaged, type Template } from './template.ts';

/** Whether the files of an image or template have changed since they were made. */
export const looks = { image: isImageDamaged, kernel: isKernelDamaged, template: isTemplateDamaged };

/**
 * Removes the image, kernel and templates of which a file has changed since they were made, by a bad disk or by hand. This takes a second
 * or two, so it is done only when a machine does not start.
 * @throws ProviderError when one was damaged
 */
export async function blameDamage(image: Image, ...templates: readonly Template[]): Promise<void> {
  const damaged: string[] = [];
  if (await removeIfDamaged('image', image.folder)) damaged.push(`the guest image ${image.key}`);
  const { layer } = image;
  if (layer && (await removeIfDamaged('kernel', layer.folder))) damaged.push(`the kernel ${layer.name}`);
  for (const { folder, key } of templates) {
    if (await removeIfDamaged('template', folder)) damaged.push(`the template machine ${key}`);
  }
  if (damaged.length === 0) return;
  throw new ProviderError(`${damaged.join(' and ')} was damaged, and has been removed`, {
    cause: 'its files have changed since they were made: by a faulty disk, or by hand',
    tryThis: 'run the same command again, which makes it again',
  });
}

/**
 * Compares and removes under the lock, so that no command makes it again in between. If several machines do not start, the check
 * for one of them reports the damage; the others wait for it, so that they do not report something else first.
 */
export function removeIfDamaged(kind: keyof typeof looks, folder: string): Promise<boolean> {
  return unlessMade(
    folder,
    async () => {
      const damaged = await looks[kind](folder);
      if (damaged) await removeTree(folder);
      return damaged;
    },
    patient(120_000) / 1000,
  );
}

/** Removes an image or a template. */
export function removeUnlessMade(folder: string): Promise<boolean> {
  return unlessMade(folder, async () => {
    await removeTree(folder);
    return true;
  });
}

/** Does the work under the lock; false when a command is making the image or template at this moment. */
async function unlessMade(folder: string, work: () => Promise<boolean>, waitSeconds = 0): Promise<boolean> {
  const lock = await tryLock(`${folder.replace(/\.draft$/, '')}.lock`, 'checking it', waitSeconds);
  if (!lock) return false;
  try {
    return await work();
  } finally {
    lock.release();
  }
}
