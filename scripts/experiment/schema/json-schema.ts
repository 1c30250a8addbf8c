import { z } from 'zod';
import { bugSchema } from './bug.ts';
import { experimentSchema } from './experiment.ts';

/** JSON Schemas for editors, by the names of their files in labs/; `npm run golden` writes them. */
export function experimentJsonSchemas(): Record<string, string> {
  const text = (schema: z.ZodType) =>
    `${JSON.stringify(z.toJSONSchema(schema, { io: 'input', reused: 'ref' }), null, 2)}\n`;
  return { 'experiment.schema.json': text(experimentSchema), 'bug.schema.json': text(bugSchema) };
}
