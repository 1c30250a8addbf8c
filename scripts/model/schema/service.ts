import { z } from 'zod';
import { backendNames } from '../../backends/index.ts';
import { isNetmask } from '../addresses.ts';
import { fwmarkRange, longestTimeout, portRange, realServerCount } from '../limits.ts';
import { protocols, schedulerFlags, schedulers } from '../words.ts';
import { member } from './real-server.ts';
import { address, nodeName, ports, within } from './values.ts';

/** Ones, then zeros, at least one of each; or the bits of an IPv6 prefix. */
const granularity = z.union(
  [
    z.string().refine(isNetmask, { error: 'not a netmask: ones, then zeros; something like 255.255.255.0' }),
    z.int().min(1).max(127),
  ],
  { error: 'neither a netmask nor a prefix length' },
);

/** 0 stands for all ports. */
const servicePort = within({ ...portRange, least: 0 });

export const service = z.strictObject({
  vip: address.describe('Virtual IP: the address of the service, in the front network.'),
  port: z
    .union([
      servicePort,
      z
        .array(z.union([servicePort, ports]))
        .min(1)
        .max(15),
    ])
    .optional()
    .describe(
      'The port of the service. A list needs fwmark, which joins the ports. It may have ranges, whose ports clients of the lab use only if a server tells them, as FTP does. 0 is all ports of the VIP, and needs persistence; ports behind it in a list are those that clients of the lab ask at.',
    ),
  protocol: z.enum(protocols).optional().describe('The protocol that clients speak.'),
  fwmark: within(fwmarkRange)
    .optional()
    .describe(
      'ipvsadm --fwmark-service: the director sets this mark on requests to all the ports, so they are one service.',
    ),
  backend: z.enum(backendNames).optional().describe('What the real servers run.'),
  scheduler: z.enum(schedulers).default('rr').describe('ipvsadm --scheduler: how the director chooses a real server.'),
  flags: z.array(z.enum(schedulerFlags)).default([]).describe('ipvsadm --sched-flags, for the schedulers sh and mh.'),
  persistence: within({ least: 0, most: longestTimeout })
    .default(0)
    .describe('ipvsadm --persistent: seconds for which a client stays with its real server. 0 means no persistence.'),
  persistence_granularity: granularity
    .optional()
    .describe(
      'ipvsadm --netmask: all clients of a network of this size stay with the same real server. For IPv6 a prefix length.',
    ),
  ops: z
    .boolean()
    .default(false)
    .describe('ipvsadm --ops: IPVS schedules each datagram separately. Only over udp, and not by nat.'),
  real_servers: z
    .array(z.union([nodeName, member]))
    .min(1)
    .max(realServerCount.most)
    .optional()
    .describe('The real servers of this service. Weight, thresholds and port of a map apply to this service alone.'),
});

export type ServiceInFile = z.output<typeof service>;

/** A service as it is written: keys that have a default may be missing. */
export type WrittenService = z.input<typeof service>;
