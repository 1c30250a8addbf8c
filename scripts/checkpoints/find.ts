import { dirname } from 'node:path';
import { didYouMean } from '../closest.ts';
import { ProviderError, UsageError } from '../errors.ts';
import { shortPath } from '../host/lab-files.ts';
import type { Place } from '../host/paths.ts';
import type { Checkpoint } from './schema.ts';
import { type Kept, keptCheckpoints } from './store.ts';

/** @throws UsageError with the one that was meant */
export async function findCheckpoint(place: Place, label: string): Promise<Kept> {
  const all = await keptCheckpoints(place);
  const found = all.find((one) => one.label === label);
  if (found) return found;
  const labels = all.map((one) => one.label);
  const meant = didYouMean(label, labels);
  if (labels.length > 0) {
    throw new UsageError(`lab ${place.lab} has no checkpoint ${label}${meant ? `; ${meant}` : ''}`, {
      cause: `its checkpoints are ${labels.join(', ')}`,
    });
  }
  const others = [...new Set((await keptCheckpoints()).map(({ lab }) => lab))];
  const lab = others.includes(place.lab) ? undefined : didYouMean(place.lab, others);
  const folder = dirname(dirname(place.folder));
  const where = folder === process.cwd() ? 'this folder' : shortPath(folder);
  throw new UsageError(`lab ${place.lab} has no checkpoint in ${where}${lab ? `; ${lab}` : ''}`, {
    cause: 'a checkpoint belongs to the folder in which its lab was started',
    tryThis: 'lab checkpoints',
  });
}

/** @throws ProviderError when it cannot be read */
export function requireReadable({ lab, label, checkpoint, why }: Kept): Checkpoint {
  if (checkpoint) return checkpoint;
  throw new ProviderError(`the checkpoint ${label} of lab ${lab} cannot be read`, {
    cause: why,
    tryThis: `lab forget ${lab} ${label}`,
  });
}
