import { ProviderError } from '../../errors.ts';
import { removeTree } from '../../host/files.ts';
import { tryLock } from '../../host/lock.ts';
import { patient } from '../../host/patience.ts';
import { type Image, isImageDamaged } from '../image/image.ts';
import { isTemplateDamaged, type Template } from './template.ts';

/** Whether the content of one is another than what was made. */
export const looks = { image: isImageDamaged, template: isTemplateDamaged };

/**
 * Takes away the image or the template if a file of it is not as it was made: a bad disk, or somebody's hand. To look takes
 * a second or two, so it is done when a machine does not start.
 * @throws ProviderError when one was damaged
 */
export async function blameDamage(image: Image, template?: Template): Promise<void> {
  const damaged: string[] = [];
  if (await removeIfDamaged('image', image.folder)) damaged.push(`the guest image ${image.key}`);
  if (template && (await removeIfDamaged('template', template.folder))) {
    damaged.push(`the template machine ${template.key}`);
  }
  if (damaged.length === 0) return;
  throw new ProviderError(`${damaged.join(' and ')} was damaged, and is taken away`, {
    cause: 'its files are not as they were made: a fault of the disk, or a change by hand',
    tryThis: 'the same command again, which makes it anew',
  });
}

/**
 * Looks and removes in one go, so that nobody makes it anew in between. Of several machines that do not start, one looks and
 * says what it found, and the others wait for it: else they would speak first.
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

/** Takes an image or a template away. */
export function removeUnlessMade(folder: string): Promise<boolean> {
  return unlessMade(folder, async () => {
    await removeTree(folder);
    return true;
  });
}

/** False where somebody is making it at this moment. */
async function unlessMade(folder: string, work: () => Promise<boolean>, waitSeconds = 0): Promise<boolean> {
  const lock = await tryLock(`${folder.replace(/\.draft$/, '')}.lock`, 'looking at it', waitSeconds);
  if (!lock) return false;
  try {
    return await work();
  } finally {
    lock.release();
  }
}
