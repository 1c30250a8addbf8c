import { z } from 'zod';
import { longestTitle } from '../../model/limits.ts';
import { fileSchema } from '../../model/schema/lab-file.ts';
import { step } from './step.ts';

const title = z
  .string()
  .min(1)
  .max(longestTitle)
  .regex(/^[^\p{C}]*$/u, 'not one line without control characters')
  .describe('One line that says what is tried.');

const change = z
  .record(z.string(), z.unknown())
  .describe('Keys of the lab file with other values than the lab has: maps are merged, everything else is replaced.');

/** What one run of an experiment has and another has not. Comparisons are experiments with several of these. */
export const variantKeys = {
  kernel: fileSchema.shape.kernel.unwrap().optional().describe('The kernel of the machines, instead of the lab’s.'),
  change: change.optional(),
};

/** @param one a step of this kind of experiment */
export function experimentKeys<Step extends z.ZodType>(one: Step) {
  return {
    lab: z
      .union([z.string().min(1), fileSchema])
      .describe('A lab by its name or the path of its file, or a lab file inside this one.'),
    ...variantKeys,
    prepare: z.array(one).optional().describe('Steps that bring the lab to where the experiment begins.'),
    steps: z.array(one).min(1).describe('What is done, in the order of time, and what must be seen after each step.'),
  };
}

/** An experiment: a lab, steps in time, and what must be seen after each. */
export const experimentSchema = z
  .strictObject({ title, ...experimentKeys(step) })
  .meta({ title: 'An experiment of lvs-lab', description: 'A lab, steps in time, and what must be seen after each.' });

export { title as experimentTitle };
