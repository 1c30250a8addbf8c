import type { z } from 'zod';
import type { KernelWish } from '../model/kernels.ts';
import type { KindName } from './kinds.ts';
import type { Matcher } from './matcher.ts';
import { type Verb, verbNames, type verbs } from './schema/step.ts';

/** What must be seen: records of a kind that fit, how many of them, and in which order. */
export interface Expectation {
  kind: KindName;
  where: Readonly<Record<string, Matcher>>;
  count: Matcher;
  order: { field: string; values: readonly (string | number)[] } | null;
  /** A command that looks. */
  look: { on: string; run: string } | null;
}

/** Each verb with its values. */
type Deeds = { [Name in Verb]: { verb: Name; of: z.output<(typeof verbs)[Name]> } };
export type Deed = Deeds[Verb];
/** What one verb has. */
export type Of<Name extends Verb> = Deeds[Name]['of'];

/** What an expectation is for: what must be so in any case, or, in a bug, where it is wrong and where it is right. */
export const purposes = ['see', 'wrong', 'right'] as const;
export type Purpose = (typeof purposes)[number];

export interface Step {
  name: string | null;
  deed: Deed;
  expectations: { purpose: Purpose; expectation: Expectation }[];
  /** Where it stands in the file, for its mistakes. */
  path: readonly PropertyKey[];
}

/** A map of a lab file. */
export type LabMap = Readonly<Record<string, unknown>>;

/** What one run of an experiment has and another has not. */
export interface Variant {
  kernel: KernelWish | null;
  /** Keys of the lab file with other values. */
  change: LabMap;
  steps: Step[];
}

export interface Experiment {
  /** The file's name without its ending; the name of its lab. */
  name: string;
  title: string;
  /** A lab by name or path, or the lab file itself. */
  lab: string | LabMap;
  variant: Variant;
}

/** Values that the schema has let through. */
type Raw = Record<string, unknown>;

export function stepsOf(all: readonly unknown[], path: readonly PropertyKey[]): Step[] {
  return all.map((one, at) => stepOf(one as Raw, [...path, at]));
}

function stepOf(raw: Raw, path: readonly PropertyKey[]): Step {
  const verb = verbNames.find((name) => raw[name] !== undefined);
  if (!verb) throw new Error('a step without a verb');
  return {
    name: (raw.name as string | undefined) ?? null,
    deed: { verb, of: raw[verb] } as Deed,
    expectations: purposes.flatMap((purpose) =>
      ((raw[purpose] as Raw[] | undefined) ?? []).map((one) => ({ purpose, expectation: expectationOf(one) })),
    ),
    path,
  };
}

function expectationOf({ count, order, ...rest }: Raw): Expectation {
  const [named] = Object.entries(rest) as [KindName, Raw][];
  if (!named) throw new Error('an expectation of nothing');
  const [kind, where] = named;
  const { on, run, ...fields } = where;
  const looks = kind === 'command' && run !== undefined;
  const [[field, values] = []] = Object.entries((order ?? {}) as Record<string, (string | number)[]>);
  return {
    kind,
    where: (kind === 'command' ? fields : where) as Record<string, Matcher>,
    count: (count ?? '>= 1') as Matcher,
    order: field !== undefined && values ? { field, values } : null,
    look: looks ? { on: String(on), run: String(run) } : null,
  };
}
