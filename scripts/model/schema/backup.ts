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
      'Seconds from one VRRP advertisement to the next, keepalived’s advert_int. After three missing ones the backup takes over.',
    ),
  preempt_delay: z
    .int()
    .min(1)
    .max(20)
    .default(5)
    .describe('Seconds for which a director that is back again only listens, before it takes the VIP back.'),
});
