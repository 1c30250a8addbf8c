import { z } from 'zod';
import { ipvsSysctls } from '../ipvs-sysctls.ts';
import { longestTimeout } from '../limits.ts';
import { within } from './values.ts';

const timeout = within({ least: 1, most: longestTimeout });

export const ipvs = z.strictObject({
  timeouts: z
    .strictObject({ tcp: timeout, tcpfin: timeout, udp: timeout })
    .optional()
    .describe('ipvsadm --set: seconds after which IPVS forgets a silent connection.'),
  sysctls: z
    .partialRecord(z.enum(ipvsSysctls), z.int().min(0).max(2_147_483_647))
    .optional()
    .describe('Values of net.ipv4.vs.*, by the last part of their names.'),
});
