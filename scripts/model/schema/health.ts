import { z } from 'zod';
import { healthChecks } from '../../backends/health-checks.ts';
import { weightRange } from '../limits.ts';
import { checkers } from '../words.ts';
import { within } from './values.ts';

/** keepalived's own for most checks. */
export const defaultRetryDelay = 1;

const quorum = within({ least: 1, most: weightRange.most });

export const health = z.strictObject({
  by: z.enum(checkers).describe('The program that checks the real servers and updates the director’s table.'),
  checks: z
    .array(z.enum(healthChecks))
    .min(1)
    .optional()
    .describe(
      'Only for keepalived: the checks. Each service has those of them that fit its backend. http and https request the page, smtp greets the mail server, dns asks the name server, udp sends a datagram that must be answered, tcp opens the port, load measures the CPU load and sets the weight by it.',
    ),
  interval: z.int().min(1).max(60).default(1).describe('Seconds between two checks of a real server.'),
  timeout: z.int().min(1).max(60).default(5).describe('Seconds after which a check without an answer has failed.'),
  retry: z.int().min(0).max(10).default(0).describe('How many more checks must fail before a real server has failed.'),
  retry_delay: z
    .int()
    .min(1)
    .max(60)
    .optional()
    .describe('Only for keepalived: seconds from a failed check to the next, keepalived’s delay_before_retry.')
    .meta({ default: defaultRetryDelay }),
  alpha: z
    .boolean()
    .optional()
    .describe(
      'Only for keepalived. true: when it starts, a real server is out until its checks succeed. false: it is in until they fail.',
    )
    .meta({ default: true }),
  omega: z
    .boolean()
    .optional()
    .describe('Only for keepalived: its scripts also hear of real servers that go because keepalived stops.')
    .meta({ default: false }),
  quorum: quorum
    .optional()
    .describe(
      'Only for keepalived: the sum of weights that a service needs. Below that the sorry server replaces all of its real servers.',
    )
    .meta({ default: 1 }),
  hysteresis: within({ least: 0, most: weightRange.most })
    .optional()
    .describe(
      'Only for keepalived: the quorum is lost this much below quorum, and gained this much above, so that it does not flap.',
    )
    .meta({ default: 0 }),
  quiescent: z
    .boolean()
    .default(false)
    .describe('true: a failed real server stays in the table with weight 0. false: it is removed.'),
  sorry_server: z
    .boolean()
    .default(true)
    .describe('When all real servers have failed, the director itself answers with a page.'),
});
