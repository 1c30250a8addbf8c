import { z } from 'zod';
import { hostNamePattern } from '../../model/schema/values.ts';
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
        hits: z.int().min(1).describe('Rounds in which it showed itself where it is.'),
        of: z.int().min(1).describe('All rounds of that measurement.'),
      })
      .optional()
      .describe('For a bug that shows only sometimes: how often it did, as measured with `lab bug ID --rounds 20`.'),
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
    if (repeat && repeat.hits > repeat.of)
      context.addIssue({ code: 'custom', path: ['repeat', 'hits'], message: `more than the ${repeat.of} rounds` });
  })
  .meta({ title: 'A bug of LVS', description: 'An experiment that tells where a bug is from where it is not.' });
