import { z } from 'zod';
import { isName } from '../exercise/names.ts';
import type { Submission } from '../exercise/submission.ts';
import { hostNamePattern } from '../model/schema/values.ts';
import { longestValue } from '../state/longest.ts';

export const submissionVersion = 'lvs-lab/submission/1';

export const longestLine = 1000;

/** A text of one line, which may be printed. */
const line = z
  .string()
  .max(longestLine)
  .regex(/^\P{C}*$/u, 'a character that cannot be printed');

const longestKey = 20_000;

/** The same with lines and tabs. */
const key = z
  .string()
  .max(longestKey)
  .regex(/^[\P{C}\n\t]*$/u, 'a character that cannot be printed');

/** What is in a file, for example. It is not printed; a shell's word can hold everything else. */
const value = z
  .string()
  .max(longestValue)
  .refine((one) => !one.includes('\0'), 'a NUL byte');

const name = z.string().refine(isName, 'not a name');
const id = z.string().regex(hostNamePattern, 'not an id');
const points = z.int().min(0).max(100_000);

export const differenceSchema = z
  .strictObject({
    section: z.string().regex(/^[a-z0-9]{1,20}$/, 'not a section'),
    key,
    before: value.optional(),
    after: value.optional(),
  })
  .refine(({ before, after }) => before !== after, 'nothing differs');

/** Of one machine. */
export const mostDifferences = 5000;
export const mostUnread = 100;

const node = z.strictObject({
  node: id,
  unread: z.array(line).max(mostUnread),
  differences: z.array(differenceSchema).max(mostDifferences),
});

/** Everything that may be in a submission. It comes from somebody else, so nothing else is taken for one. */
export const submissionSchema = z.strictObject({
  schema: z.literal(submissionVersion),
  exercise: id,
  course: name,
  student: name.min(1),
  hints: z.record(id, z.int().min(0).max(100)),
  answers: z.record(id, z.array(line).max(1000)),
  right: z.array(id).max(1000),
  points,
  of: points,
  nodes: z.array(node).max(200),
});

/** @returns what is wrong with it, in words, where it is none */
export function submissionIn(document: unknown): { submission: Submission } | { wrong: string } {
  const parsed = submissionSchema.safeParse(document);
  if (parsed.success) return { submission: parsed.data as Submission };
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  // Keys of the file may be anything.
  const shown = /^[\w.-]{1,80}$/.test(path) ? `${path}: ` : '';
  return { wrong: `${shown}${issue?.code === 'unrecognized_keys' ? 'it has an unknown key' : issue?.message}` };
}
