import { z } from 'zod';
import { defaultHealthChecks, healthChecks } from '../../backends/health-checks.ts';
import { checkers } from '../words.ts';

export const health = z.strictObject({
  by: z.enum(checkers).describe('The program that watches the real servers and keeps the director’s table.'),
  checks: z
    .array(z.enum(healthChecks))
    .min(1)
    .optional()
    .describe(
      'Only for keepalived, what it looks at: http asks for the page, tcp opens the port, load asks how busy the CPU is, which the weight then follows.',
    )
    .meta({ default: defaultHealthChecks }),
  interval: z.int().min(1).max(60).default(1).describe('Seconds from one look to the next.'),
  timeout: z.int().min(1).max(60).default(2).describe('Seconds after which a look without an answer has failed.'),
  quiescent: z
    .boolean()
    .default(false)
    .describe('true: a failed real server stays in the table with weight 0. false: it is taken out.'),
  sorry_server: z
    .boolean()
    .default(true)
    .describe('When all real servers have failed, the director answers with a page of its own.'),
});
