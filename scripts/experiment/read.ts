import type { z } from 'zod';
import { LabFileError, type Problem } from '../errors.ts';
import type { KernelWish } from '../model/kernels.ts';
import { allProblems } from '../model/reading/all-problems.ts';
import { type Keys, keysOf } from '../model/reading/known-keys.ts';
import { schemaProblems } from '../model/reading/schema-problems.ts';
import { type Path, readSource, type Source } from '../model/reading/source.ts';
import { type Experiment, type LabMap, stepsOf, type Variant } from './experiment.ts';
import { experimentSchema } from './schema/experiment.ts';

/** A text and what was read of it. */
export interface Read<Data> {
  data: Data;
  source: Source;
}

/** How a text becomes a source, and what is filled in before the schema sees its value. */
export interface Reading {
  sourceOf(text: string): Source;
  /** The value, or why it cannot be filled in. */
  fill(source: Source): { value: unknown; problems: Problem[] };
}

/**
 * Reads a text that fits a schema.
 * @throws LabFileError with all problems, each with its line
 */
export function readAs<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
  keys: Keys,
  { sourceOf, fill }: Reading = {
    sourceOf: (words) => readSource(words, keys.every),
    fill: ({ value }) => ({ value, problems: [] }),
  },
): Read<z.output<Schema>> {
  const tryToRead = (words: string): { source: Source; data?: z.output<Schema>; problems: Problem[] } => {
    const written = sourceOf(words);
    if (written.problems.length > 0) return { source: written, problems: written.problems };
    const { value, problems } = fill(written);
    const source = { ...written, value };
    if (problems.length > 0) return { source, problems };
    if (source.value === null) {
      const empty = { line: 1, path: '', what: 'the file is empty', fix: 'an experiment has title, lab and steps' };
      return { source, problems: [empty] };
    }
    const parsed = schema.safeParse(source.value);
    if (parsed.success) return { source, data: parsed.data, problems: [] };
    return { source, problems: schemaProblems(parsed.error.issues, source, keys) };
  };
  const { source, data, problems } = tryToRead(text);
  if (data !== undefined && problems.length === 0) return { source, data };
  throw new LabFileError(
    file,
    allProblems(text, problems, keys, (corrected) => tryToRead(corrected).problems),
  );
}

const experimentKeys = keysOf(experimentSchema, ['', 'steps', 'steps.see']);

/** @throws LabFileError */
export function readExperiment(text: string, { name, file }: { name: string; file: string }): Read<Experiment> {
  const { data, source } = readAs(text, file, experimentSchema, experimentKeys);
  return { data: { name, title: data.title, lab: labIn(source), variant: variantOf(data) }, source };
}

/** As it is written: without the defaults, which are filled in when it is read as a lab. */
export function labIn({ value }: Source): string | LabMap {
  return (value as { lab: string | LabMap }).lab;
}

interface Written {
  kernel?: KernelWish | undefined;
  change?: LabMap | undefined;
  prepare?: unknown[] | undefined;
  steps: unknown[];
}

/** @param at where `prepare` stands, if it is not beside the steps */
export function variantOf({ kernel, change, prepare = [], steps }: Written, at: Path = []): Variant {
  return {
    kernel: kernel ?? null,
    change: change ?? {},
    steps: [...stepsOf(prepare, [...at, 'prepare']), ...stepsOf(steps, ['steps'])],
  };
}
