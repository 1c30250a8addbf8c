import { UsageError } from '../errors.ts';

/** The label of a checkpoint that nobody has named. */
export const usualLabel = 'latest';

/** Characters; a label is a part of a folder's name. */
const longestLabel = 40;

export function isLabel(text: string): boolean {
  return /^[a-z0-9][a-z0-9_-]*$/i.test(text) && text.length <= longestLabel;
}

/** @throws UsageError for what cannot be a label */
export function requireLabel(text: string): string {
  if (isLabel(text)) return text;
  throw new UsageError(`${JSON.stringify(text)} cannot be the label of a checkpoint`, {
    cause: `letters, digits, hyphens and underscores, ${longestLabel} at most, and no hyphen in front`,
    tryThis: 'lab help save',
  });
}
