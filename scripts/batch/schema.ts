import { z } from 'zod';
import { experimentTitle } from '../experiment/schema/experiment.ts';
import { kernelWord } from '../model/schema/kernel.ts';
import { within } from '../model/schema/values.ts';

/** What a job can do: the command of the kit, and what is named after it. */
export const jobVerbs = ['run', 'try', 'bug'] as const;
export type JobVerb = (typeof jobVerbs)[number];

const name = z.string().min(1);
const named = z.union([name, z.array(name).min(1)]).optional();

const item = z
  .strictObject({
    run: named.describe('Labs to bring up and verify: names, or paths of their files.'),
    try: named.describe('Paths of experiments.'),
    bug: named.describe('Bugs to look for: ids, or paths of their files.'),
    kernels: z.array(kernelWord).min(1).optional().describe('Each of them is done with each of these kernels.'),
    repeat: within({ least: 1, most: 10_000 }).default(1).describe('How often each of them is done.'),
  })
  .superRefine((one, context) => {
    const verbs = jobVerbs.filter((verb) => one[verb] !== undefined);
    if (verbs.length === 1) return;
    const what = verbs.length === 0 ? 'a job that does nothing' : `a job that does ${verbs.length} things`;
    context.addIssue({ code: 'custom', message: `${what}; one of ${jobVerbs.join(', ')}` });
  });

/** Many jobs that do not depend on one another. */
export const batchSchema = z
  .strictObject({
    title: experimentTitle,
    retries: within({ least: 0, most: 10 })
      .default(1)
      .describe('How often a job is done again when its lab broke. A job with a verdict is never done again.'),
    jobs: z
      .array(item)
      .min(1)
      .describe('What is done. The jobs do not depend on one another, so their order does not matter.'),
  })
  .meta({ title: 'A batch of lvs-lab', description: 'Many labs, experiments and bugs, each a job of its own.' });

/** The JSON Schema for editors, labs/batch.schema.json; `npm run golden` writes it. */
export function batchJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(batchSchema, { io: 'input', reused: 'ref' }), null, 2)}\n`;
}
