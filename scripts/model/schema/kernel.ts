import { z } from 'zod';
import { kernelSuites, readKernel } from '../kernels.ts';
import { kernels } from '../words.ts';

/** A kernel by a word. Editors take 6.12 for a number; a file is read as it is written (reading/source.ts). */
export const kernelWord = z
  .string()
  .refine((word) => readKernel(word) !== undefined, { error: 'no kernel', params: { wanted: 'kernel' } })
  .meta({ type: ['string', 'number'], examples: [...kernels, ...kernelSuites, '6.12'] });

/** A kernel: a word, or files. */
export const kernel = z.union([
  kernelWord,
  z.strictObject({
    image: z.string().min(1).describe('The kernel as `make` leaves it: arch/x86/boot/bzImage.'),
    modules: z.string().min(1).describe('The folder where `make modules_install` put its modules: INSTALL_MOD_PATH.'),
  }),
]);
