import { z } from 'zod';
import { address } from './values.ts';

/** The second director, when it is a map. */
export const backup = z.strictObject({
  front: address,
  advert_interval: z
    .number()
    .min(0.1)
    .max(2)
    .multipleOf(0.01)
    .default(0.5)
    .describe(
      'Seconds between VRRP advertisements, keepalived’s advert_int. When three are missing, the backup takes over.',
    ),
  preempt_delay: z
    .int()
    .min(1)
    .max(20)
    .default(5)
    .describe('Seconds that the first director waits after its return before it takes the VIP back.'),
});
