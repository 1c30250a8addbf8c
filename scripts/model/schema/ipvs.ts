import { z } from 'zod';
import { type IpvsSysctl, ipvsSysctls, ipvsSysctlTexts } from '../ipvs-sysctls.ts';
import { longestTimeout } from '../limits.ts';
import { within } from './values.ts';

const timeout = within({ least: 1, most: longestTimeout });

const sysctl = z.int().min(-20).max(2_147_483_647).exactOptional();
const text = z.string().exactOptional();

type Sysctls = { [Name in IpvsSysctl]: Name extends 'est_cpulist' | 'sync_threshold' ? typeof text : typeof sysctl };

/** A map of named keys, since zod passes over a key __proto__ of a record. */
const sysctls = z.strictObject(
  Object.fromEntries(ipvsSysctls.map((name) => [name, ipvsSysctlTexts[name] ? text : sysctl])) as Sysctls,
);

export const ipvs = z.strictObject({
  timeouts: z
    .strictObject({ tcp: timeout, tcpfin: timeout, udp: timeout })
    .optional()
    .describe('ipvsadm --set: seconds after which IPVS forgets a silent connection.'),
  sysctls: sysctls.optional().describe('Values of net.ipv4.vs.*. A key is the last part of the sysctl’s name.'),
});
