import { z } from 'zod';
import { isNetmask } from './addresses.ts';
import { ipvsSysctls } from './ipvs-sysctls.ts';
import { modes, providerNames, releases, schedulerFlags, schedulers } from './lab.ts';

/** The words of keepalived.conf(5) and ipvsadm(8), in YAML. What is optional has a default, given in model/defaults.ts. */

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);
const cidr = new RegExp(`^${octet}(?:\\.${octet}){3}/(?:[89]|[12]\\d|30)$`);

const address = z.string().regex(ipv4, 'not an IPv4 address; something like 192.168.1.3');
const network = z.string().regex(cidr, 'not an IPv4 network from /8 to /30; something like 192.168.1.0/24');
const threshold = z.int().min(0).max(2_147_483_647);
const port = z.int().min(1).max(65535);

/** Ones, then zeros; at least one of each. */
const netmask = z
  .string()
  .refine(isNetmask, { error: 'not a netmask: ones, then zeros; something like 255.255.255.0' });
const timeout = z.int().min(1).max(2_678_400);

/** Names become host names and file names: RFC 1123, one label, in small letters. */
const nodeName = z
  .string()
  .regex(/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/, 'not a host name: small letters, digits and inner hyphens, 32 at most');

const realServer = z.strictObject({
  name: nodeName.optional().describe('Host name; rs1, rs2, … by default.'),
  address: address
    .optional()
    .describe('RIP: its address on the director’s segment (dr, tun) or on the back network (nat).'),
  mode: z.enum(modes).optional().describe('Forwarding method of this one; the lab’s by default.'),
  weight: z.int().min(0).max(65535).optional().describe('ipvsadm --weight; 1 by default, 0 gets no new connections.'),
  uthreshold: threshold.optional().describe('ipvsadm --u-threshold: no new connections from this many on; 0 is none.'),
  lthreshold: threshold.optional().describe('ipvsadm --l-threshold: new ones again below this many.'),
  port: port.optional().describe('The port its server listens on; only nat may differ from the service’s.'),
  gateway: address
    .optional()
    .describe('Only for nat; the director’s back address, its default, is the one that works.'),
});

/** Owner and name, as Vagrant's catalogues have them. */
export const boxName = /^\w[\w.-]*\/\w[\w.-]*$/;

export const fileSchema = z
  .strictObject({
    title: z
      .string()
      .max(80)
      .regex(/^[^\p{C}]*$/u, 'one line without control characters')
      .optional()
      .describe('One line on what the lab shows.'),
    mode: z.enum(modes).describe('Forwarding method: nat (ipvsadm -m), dr (-g) or tun (-i).'),
    release: z.literal(releases).optional().describe('Debian release of the guests; 13 by default.'),
    memory: z.int().min(256).max(8192).optional().describe('MiB a machine; 512 by default.'),
    provider: z
      .enum(providerNames)
      .optional()
      .describe(
        'What brings the machines up: qemu, which is built in, or vagrant. --provider and LAB_PROVIDER go first.',
      ),
    box: z
      .string()
      .regex(
        boxName,
        'not the name of a Vagrant box; something like debian/bookworm64; a file is added by `vagrant box add --name NAME FILE` first',
      )
      .optional()
      .describe('Only for vagrant: the box, of Debian; LAB_BOX goes first.'),
    networks: z
      .strictObject({
        front: network.describe('Where the client and the VIP are; in dr and tun the real servers too.'),
        back: network.optional().describe('The network of real servers by nat, and only of those.'),
      })
      .describe('Closed networks of the lab: no other machine sees them, so any address may be used.'),
    director: z
      .union([address, z.strictObject({ front: address.optional(), back: address.optional() })])
      .optional()
      .describe('Its address on the front network, or on both. By default the second and the first of a network.'),
    client: address.optional().describe('Its address on the front network; host 100 by default.'),
    real_servers: z
      .union([z.int().min(1).max(64), z.array(realServer).min(1).max(64)])
      .optional()
      .describe('How many, or each by name; 2 by default.'),
    service: z.strictObject({
      vip: address.describe('Virtual IP, on the front network.'),
      port: port.optional().describe('80 by default.'),
      protocol: z.enum(['tcp']).optional(),
      scheduler: z.enum(schedulers).optional().describe('ipvsadm --scheduler; rr by default.'),
      flags: z.array(z.enum(schedulerFlags)).optional().describe('ipvsadm --sched-flags, for sh and mh.'),
      persistence: z
        .int()
        .min(0)
        .max(2_678_400)
        .optional()
        .describe('ipvsadm --persistent: seconds; 0, none, by default.'),
      persistence_granularity: netmask
        .optional()
        .describe('ipvsadm --netmask: clients of one such network stay together, as with 255.255.255.0.'),
    }),
    ipvs: z
      .strictObject({
        timeouts: z
          .strictObject({ tcp: timeout, tcpfin: timeout, udp: timeout })
          .optional()
          .describe('ipvsadm --set: seconds until a silent connection is forgotten; 900, 120 and 300 by default.'),
        sysctls: z
          .partialRecord(z.enum(ipvsSysctls), z.int().min(0).max(2_147_483_647))
          .optional()
          .describe('net.ipv4.vs.*, by their last names.'),
      })
      .optional()
      .describe('How IPVS treats the connections of all services.'),
  })
  .meta({ title: 'A lab of lvs-lab', description: 'Linux Virtual Server on virtual machines.' });

export type LabFile = z.infer<typeof fileSchema>;
