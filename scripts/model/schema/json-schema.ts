import { z } from 'zod';
import { fileSchema } from './lab-file.ts';

/** JSON Schema of a lab file, for editors. labs/lab.schema.json is this text; `npm run golden` writes it. */
export function labJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(fileSchema, { io: 'input' }), null, 2)}\n`;
}
