import { ProviderError } from '../errors.ts';
import { changedParts, damagedParts } from './parts.ts';
import type { Checkpoint } from './schema.ts';

/** Looks at sizes and dates, and at the content of what has another date. @throws ProviderError with the files that have changed */
export async function requireUnchanged(folder: string, checkpoint: Checkpoint): Promise<void> {
  refuse(checkpoint, await changedParts(folder, checkpoint.parts));
}

/** Compares the content of all files, which takes seconds. @throws ProviderError with those that have changed */
export async function requireSameContent(folder: string, checkpoint: Checkpoint): Promise<void> {
  refuse(checkpoint, await damagedParts(folder, checkpoint.parts));
}

function refuse({ lab, label }: Checkpoint, files: readonly string[]): void {
  if (files.length === 0) return;
  throw new ProviderError(`the checkpoint ${label} of lab ${lab} was damaged: ${files.join(', ')}`, {
    cause: 'its files have changed since it was made: by a faulty disk, or by hand',
    tryThis: `lab forget ${lab} ${label}`,
  });
}
