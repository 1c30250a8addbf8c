import { z } from 'zod';
import { defaultHealthChecks, healthChecks } from '../../backends/health-checks.ts';
import { checkers } from '../words.ts';

export const health = z.strictObject({
  by: z.enum(checkers).describe('The program that checks the real servers and updates the director’s table.'),
  checks: z
    .array(z.enum(healthChecks))
    .min(1)
    .optional()
    .describe(
      'Only for keepalived: the checks. http requests the page, tcp opens the port, load measures the CPU load and sets the weight by it.',
    )
    .meta({ default: defaultHealthChecks }),
  interval: z.int().min(1).max(60).default(1).describe('Seconds between two checks of a real server.'),
  timeout: z.int().min(1).max(60).default(2).describe('Seconds after which a check without an answer has failed.'),
  quiescent: z
    .boolean()
    .default(false)
    .describe('true: a failed real server stays in the table with weight 0. false: it is removed.'),
  sorry_server: z
    .boolean()
    .default(true)
    .describe('When all real servers have failed, the director itself answers with a page.'),
});
