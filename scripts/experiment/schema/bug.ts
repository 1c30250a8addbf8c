import { z } from 'zod';
import { hostNamePattern } from '../../model/schema/values.ts';
import { type Measured, repeatsFor } from '../rounds.ts';
import { experimentKeys, experimentTitle, variantKeys } from './experiment.ts';
import { bugStep } from './step.ts';

/** A version as dpkg and kernel.org write it. In YAML 6.10 is the number 6.1, so versions are in quotes. */
const version = z.string().regex(/^\d[\w.+~:-]*$/, 'not a version; something like "6.12.94"');

const range = {
  from: version.optional().describe('The first version that has it. Every version that is known without it.'),
  mended: z
    .array(version)
    .optional()
    .describe('The first version of each series that does not have it any more. None without it.'),
};

const keys = experimentKeys(bugStep);

const measured = {
  hits: z.int().min(0).describe('Rounds in which the bug showed itself.'),
  of: z.int().min(1).max(1000).describe('All rounds of that measurement.'),
};

function canTell(there: Measured, mended: Measured): boolean {
  if (there.hits > there.of || mended.hits > mended.of) return true; // that is the mistake
  try {
    return repeatsFor(there, mended).rounds > 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A bug: an experiment that tells where the bug is from where it is not. */
export const bugSchema = z
  .strictObject({
    id: z.string().regex(hostNamePattern).describe('The name of the file without its ending.'),
    title: experimentTitle,
    symptom: z.string().min(1).describe('What people notice, in a sentence or two.'),
    references: z.array(z.url()).min(1).describe('Where it was reported, explained or mended.'),
    where: z
      .strictObject({
        kernel: z.strictObject(range).optional().describe('Versions of the kernel.'),
        program: z
          .strictObject({ name: z.string().min(1).describe('Its Debian package.'), ...range })
          .optional()
          .describe('A program, and its versions.'),
      })
      .describe('Where the bug is: a kernel or a program, since which version, and from which on it is mended.'),
    repeat: z
      .strictObject({
        ...measured,
        hits: z.int().min(1).describe('Rounds in which it showed itself where it is.'),
        mended: z.strictObject(measured).optional().describe('The same with what mends it.'),
      })
      .optional()
      .describe('For a bug that shows only sometimes: how often it did, as `lab bug ID --calibrate 20` prints it.'),
    ...keys,
    mended: z
      .strictObject({
        ...variantKeys,
        prepare: keys.prepare.describe('Steps that take the place of `prepare`.'),
      })
      .optional()
      .describe(
        'What mends it: the same steps with this, in the place of `kernel`, `change` and `prepare`, show what is right.',
      ),
  })
  .superRefine(({ prepare = [], steps, repeat }, context) => {
    for (const key of ['wrong', 'right'] as const) {
      if (![...prepare, ...steps].some((step) => step[key]))
        context.addIssue({
          code: 'custom',
          path: ['steps'],
          message: `without ${key}:, so the bug can never be told; ${key}: at a step`,
        });
    }
    if (!repeat) return;
    const { mended } = repeat;
    for (const [path, one] of [
      [['repeat'], repeat] as const,
      ...(mended ? [[['repeat', 'mended'], mended] as const] : []),
    ]) {
      if (one.hits > one.of)
        context.addIssue({ code: 'custom', path: [...path, 'hits'], message: `more than the ${one.of} rounds` });
    }
    if (mended && !canTell(repeat, mended))
      context.addIssue({
        code: 'custom',
        path: ['repeat', 'mended'],
        message: 'so near to what it is where the bug is that no number of rounds tells them apart',
      });
  })
  .meta({ title: 'A bug of LVS', description: 'An experiment that tells where a bug is from where it is not.' });
