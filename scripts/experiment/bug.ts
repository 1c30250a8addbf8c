import type { z } from 'zod';
import { LabFileError } from '../errors.ts';
import { isInRange } from '../model/kernel-range.ts';
import { keysOf } from '../model/reading/known-keys.ts';
import type { LabMap, Variant } from './experiment.ts';
import { labIn, type Read, readAs, variantOf } from './read.ts';
import { type Repeats, repeatsFor } from './rounds.ts';
import { bugSchema } from './schema/bug.ts';

type Written = z.output<typeof bugSchema>;

/** An experiment that tells where a bug is from where it is not. */
export interface Bug extends Pick<Written, 'id' | 'title' | 'symptom' | 'references' | 'where'> {
  lab: string | LabMap;
  /** With the bug. */
  variant: Variant;
  /** With what mends it; null for a bug that only another version mends. */
  mended: Variant | null;
  /** Rounds after which a verdict is wrong in one of a hundred cases at most, and how many of them must hit. */
  repeats: Repeats;
}

const bugKeys = keysOf(bugSchema, ['', 'steps', 'steps.see']);

/** @throws LabFileError */
export function readBug(text: string, { name, file }: { name: string; file: string }): Read<Bug> {
  const { data, source } = readAs(text, file, bugSchema, bugKeys);
  if (data.id !== name) {
    const problem = {
      line: source.lineOf(['id']),
      path: 'id',
      what: `the file has another name: ${name}`,
      fix: `id: ${name}`,
    };
    throw new LabFileError(file, [problem]);
  }
  const { id, title, symptom, references, where, repeat, mended } = data;
  const variant = variantOf(data);
  return {
    source,
    data: {
      id,
      title,
      symptom,
      references,
      where,
      lab: labIn(source),
      variant,
      mended: mended ? variantOf({ ...data, ...mended }, mended.prepare ? ['mended'] : []) : null,
      repeats: repeat ? repeatsFor(repeat, repeat.mended) : { rounds: 1, hits: 1 },
    },
  };
}

/** `kernel from 4.1 on, mended in 6.12.94 and 6.1.176`, `every kernel`, `keepalived up to 2.3.3`. */
export function whereWords({ kernel, program }: Bug['where']): string {
  const parts = [
    ...(kernel ? [rangeWords('kernel', kernel)] : []),
    ...(program ? [rangeWords(program.name, program)] : []),
  ];
  return parts.join('; ') || 'everywhere';
}

function rangeWords(
  what: string,
  { from, mended = [] }: { from?: string | undefined; mended?: string[] | undefined },
): string {
  const begin = from === undefined ? `every ${what}` : `${what} from ${from} on`;
  return mended.length > 0 ? `${begin}, mended in ${mended.join(', ')}` : begin;
}

/** What a bug's file says of a kernel: whether it has the bug. Undefined where the file does not go by the kernel. */
export function saidOf({ kernel }: Bug['where'], version: string): boolean | undefined {
  if (!kernel || (kernel.from === undefined && !kernel.mended?.length)) return undefined;
  return isInRange(version, kernel);
}
