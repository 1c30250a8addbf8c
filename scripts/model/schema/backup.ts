import { z } from 'zod';
import { address, port, within } from './values.ts';

/** The number of the sync daemons. */
export const defaultSyncid = 1;

/** The second director, when it is a map. */
export const backup = z.strictObject({
  front: address,
  back: address.optional().describe('Only with nat: its address in the back network.'),
  gateway: address
    .optional()
    .describe('Only with nat: the gateway of the real servers, which VRRP moves together with the VIP.'),
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
  nopreempt: z
    .boolean()
    .default(false)
    .describe('keepalived’s nopreempt: a director that comes back does not take the VIP from the other one.'),
  unicast: z
    .boolean()
    .default(false)
    .describe(
      'keepalived’s unicast_peer: VRRP advertisements go to the other director alone, not to a multicast group.',
    ),
  sync: z
    .strictObject({
      syncid: within({ least: 0, most: 255 })
        .default(defaultSyncid)
        .describe('ipvsadm --syncid: daemons ignore messages with another number. With 0 they ignore none.'),
      maxlen: within({ least: 1, most: 65_507 })
        .optional()
        .describe('ipvsadm --sync-maxlen: the largest message in bytes.'),
      group: address.optional().describe('ipvsadm --mcast-group: the multicast group.'),
      port: port.optional().describe('ipvsadm --mcast-port: the UDP port.'),
      ttl: within({ least: 1, most: 255 }).optional().describe('ipvsadm --mcast-ttl: the TTL of messages.'),
    })
    .optional()
    .describe('The sync daemons, which tell each director the connections of the other one.'),
});
