import { z } from 'zod';

const file = z.string().min(1);

/** Modules in the place of the kernel's own. */
export const modules = z.strictObject({
  ip_vs: z
    .union([file, z.record(z.string(), file)])
    .describe('The file of the module for all directors, or files by the names of directors: { director: FILE }.'),
});
