import { ProviderError } from '../../errors.ts';
import { removeTree } from '../../host/files.ts';
import { tryLock } from '../../host/lock.ts';
import { type Image, isImageDamaged } from '../image/image.ts';
import { isTemplateDamaged, type Template } from './template.ts';

/** What was looked at in this command, which may start many machines of one template. */
const looked = new Map<string, Promise<string[]>>();

/**
 * Takes away the image or the template if a file of it is not as it was made: a bad disk, or somebody's hand. To look takes
 * a second or two, so it is done when a machine does not start.
 * @throws ProviderError when one was damaged
 */
export async function blameDamage(image: Image, template?: Template): Promise<void> {
  const key = template?.key ?? image.key;
  const looking = looked.get(key) ?? removeDamaged(image, template);
  looked.set(key, looking);
  const damaged = await looking;
  if (damaged.length === 0) return;
  throw new ProviderError(`${damaged.join(' and ')} was damaged, and is taken away`, {
    cause: 'its files are not as they were made: a fault of the disk, or a change by hand',
    tryThis: 'the same command again, which makes it anew',
  });
}

async function removeDamaged(image: Image, template: Template | undefined): Promise<string[]> {
  const damaged: [string, string][] = [];
  if (await isImageDamaged(image.folder)) damaged.push([`the guest image ${image.key}`, image.folder]);
  if (template && (await isTemplateDamaged(template.folder))) {
    damaged.push([`the template machine ${template.key}`, template.folder]);
  }
  for (const [, folder] of damaged) await removeUnlessMade(folder);
  return damaged.map(([what]) => what);
}

/** Takes an image or a template away, unless somebody is making it at this moment. */
export async function removeUnlessMade(folder: string): Promise<boolean> {
  const lock = await tryLock(`${folder.replace(/\.draft$/, '')}.lock`, 'taking it away');
  if (!lock) return false;
  await removeTree(folder);
  lock.release();
  return true;
}
