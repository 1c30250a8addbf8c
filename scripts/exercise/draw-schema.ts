import { z } from 'zod';
import { network, within } from '../model/schema/values.ts';

/** A name in placeholders: `((weights.1))` is the first of the values of `weights`. */
const drawnName = z.string().regex(/^[a-z][a-z0-9_]*$/, 'not a name; small letters, digits and _, like first_weight');

/** A range of whole numbers, as expectations write it. */
const range = z.string().regex(/^\d+\.\.\d+$/, 'not a range; something like 3..9');

const subnet = z.strictObject({
  network: network.describe('The network that it lies in.'),
  prefix: within({ least: 8, most: 30 }).optional().describe('Bits of its netmask.').meta({ default: 24 }),
});
const host = z.strictObject({
  host: drawnName.describe('The drawn network that it is an address of; no other address of the drawing is the same.'),
  between: range.optional().describe('Its number in the network.').meta({ default: '4..99' }),
});
const weights = z.strictObject({
  weights: within({ least: 2, most: 8 }).describe('How many: all different, and without a common divisor.'),
  of: range.describe('The range that they are from.'),
});

/** What differs from student to student: names, each with what its value is drawn from. */
export const drawSchema = z
  .record(drawnName, z.union([range, z.array(z.unknown()).min(2), subnet, host, weights]))
  .describe(
    'What differs from student to student: names, and for each a list of which one is taken (it may have placeholders for names above it), a range of numbers, a network, an address, or weights.',
  );

export type Draw = z.output<typeof drawSchema>;
export type DrawnFrom = Draw[string];
