import { z } from 'zod';
import { healthChecks } from '../backends/health-checks.ts';
import { backendNames } from '../backends/index.ts';
import { canonical, isAddress, isNetmask, isNetwork } from './addresses.ts';
import { ipvsSysctls } from './ipvs-sysctls.ts';
import {
  checkers,
  kernels,
  modes,
  protocols,
  providerNames,
  releases,
  schedulerFlags,
  schedulers,
  tunnels,
} from './lab.ts';
import {
  fwmarkRange,
  longestNodeName,
  longestTimeout,
  longestTitle,
  memoryRange,
  portRange,
  type Range,
  realServerCount,
  serviceCount,
  thresholdRange,
  weightRange,
} from './limits.ts';

/** The words of keepalived.conf(5) and ipvsadm(8), in YAML. What is optional has a default, given in model/defaults.ts. */

const address = z
  .string()
  .refine(isAddress, { error: 'not an IP address; something like 192.168.1.3, or fd00:1::3', abort: true })
  .overwrite(canonical);
const network = z
  .string()
  .refine(isNetwork, {
    error: 'not an IPv4 network from /8 to /30, nor an IPv6 network from /16 to /126; something like 192.168.1.0/24',
    abort: true,
  })
  .overwrite(canonical);
const within = ({ least, most }: Range) => z.int().min(least).max(most);
const threshold = within(thresholdRange);
const port = within(portRange);

/** Ones, then zeros, at least one of each; or the bits of an IPv6 prefix. */
const granularity = z.union(
  [
    z.string().refine(isNetmask, { error: 'not a netmask: ones, then zeros; something like 255.255.255.0' }),
    z.int().min(1).max(127),
  ],
  { error: 'neither a netmask nor a prefix length' },
);
const timeout = within({ least: 1, most: longestTimeout });

/** Names become host names and file names: RFC 1123, one label, in small letters. */
const nodeName = z
  .string()
  .regex(
    new RegExp(`^(?!localhost$)[a-z]([a-z0-9-]{0,${longestNodeName - 2}}[a-z0-9])?$`),
    `not a host name: small letters, digits and inner hyphens, ${longestNodeName} at most`,
  );

const weight = within(weightRange);

/** What a real server is told beside its address; a service may say it again for itself. */
const share = {
  weight: weight.optional().describe('ipvsadm --weight; 1 by default, 0 gets no new connections.'),
  uthreshold: threshold.optional().describe('ipvsadm --u-threshold: no new connections from this many on; 0 is none.'),
  lthreshold: threshold.optional().describe('ipvsadm --l-threshold: new ones again below this many.'),
  port: port.optional().describe('The port its server listens on; only nat may differ from the service’s.'),
};

export const realServer = z.strictObject({
  name: nodeName.optional().describe('Host name; rs1, rs2, … by default. director is the director itself: LocalNode.'),
  address: address
    .optional()
    .describe('RIP: on the front network (dr, tun), the back network (nat), or the remote network (tun).'),
  mode: z.enum(modes).optional().describe('Forwarding method of this one; the lab’s by default.'),
  ...share,
  tunnel: z.enum(tunnels).optional().describe('Only for tun, ipvsadm --tun-type: ipip by default.'),
  tunnel_port: port.optional().describe('Only for gue, ipvsadm --tun-port: 6080 by default.'),
  gateway: address
    .optional()
    .describe('Only for nat; the director’s back address, its default, is the one that works.'),
});

/** A real server as one of a service's. */
export const member = z.strictObject({ name: nodeName, ...share });

export const service = z.strictObject({
  vip: address.describe('Virtual IP, on the front network.'),
  port: z
    .union([port, z.array(port).min(1).max(15)])
    .optional()
    .describe('That of the backend by default. A list only with fwmark, which joins them.'),
  protocol: z.enum(protocols).optional().describe('tcp by default; udp for port 53, or what the backend needs.'),
  fwmark: within(fwmarkRange)
    .optional()
    .describe('ipvsadm --fwmark-service: the ports are one service, joined by this mark, which the director sets.'),
  backend: z
    .enum(backendNames)
    .optional()
    .describe('What the real servers run; told by the port, or the protocol, by default: http in most cases.'),
  scheduler: z.enum(schedulers).optional().describe('ipvsadm --scheduler; rr by default.'),
  flags: z.array(z.enum(schedulerFlags)).optional().describe('ipvsadm --sched-flags, for sh and mh.'),
  persistence: within({ least: 0, most: longestTimeout })
    .optional()
    .describe('ipvsadm --persistent: seconds; 0, none, by default.'),
  persistence_granularity: granularity
    .optional()
    .describe('ipvsadm --netmask: clients of one such network stay together, as with 255.255.255.0; of IPv6 its bits.'),
  ops: z.boolean().optional().describe('ipvsadm --ops: every datagram is scheduled by itself; only for udp.'),
  real_servers: z
    .array(z.union([nodeName, member]))
    .min(1)
    .max(realServerCount.most)
    .optional()
    .describe('Which of the lab’s real servers, each with its own weight and bounds here; all of them by default.'),
});

/** Where a server of the site is. */
export const siteServer = z.union([
  z.literal(true),
  nodeName,
  z.strictObject({ node: nodeName.optional(), address: address.optional() }),
]);
const siteServerOf = (what: string, name: string) =>
  siteServer.optional().describe(`${what}: true, the name of a node, or { node, address }; ${name} by default.`);

/** Owner and name, as Vagrant's catalogues have them. */
export const boxName = /^\w[\w.-]*\/\w[\w.-]*$/;

export const fileSchema = z
  .strictObject({
    title: z
      .string()
      .max(longestTitle)
      .regex(/^[^\p{C}]*$/u, 'one line without control characters')
      .optional()
      .describe('One line on what the lab shows.'),
    mode: z.enum(modes).describe('Forwarding method: nat (ipvsadm -m), dr (-g) or tun (-i).'),
    release: z.literal(releases).optional().describe('Debian release of the guests; 13 by default.'),
    kernel: z
      .enum(kernels)
      .optional()
      .describe('Debian’s kernel of the guests: cloud, small and quick, by default; generic has ocfs2 and more.'),
    memory: within(memoryRange).optional().describe('MiB a machine; 512 by default.'),
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
        remote: network
          .optional()
          .describe('Another network behind a router, where the real servers by tun are then, and only those.'),
      })
      .describe('Closed networks of the lab: no other machine sees them, so any address may be used.'),
    director: z
      .union([address, z.strictObject({ front: address.optional(), back: address.optional() })])
      .optional()
      .describe('Its address on the front network, or on both. By default the second and the first of a network.'),
    backup: z
      .union([
        address,
        z.strictObject({
          front: address,
          advert_interval: z
            .number()
            .min(0.1)
            .max(2)
            .multipleOf(0.01)
            .optional()
            .describe('Seconds from one VRRP advertisement to the next, advert_int; 0.5 by default.'),
          preempt_delay: z
            .int()
            .min(1)
            .max(20)
            .optional()
            .describe(
              'Seconds for which the director, back again, only listens before it takes the VIP back; 5 by default.',
            ),
        }),
      ])
      .optional()
      .describe(
        'A second director and its address on the front network: keepalived gives it the VIP while the first is gone.',
      ),
    router: z
      .strictObject({ front: address.optional(), remote: address.optional() })
      .optional()
      .describe('Its addresses on the front and the remote network; the first of each by default.'),
    client: address.optional().describe('Its address on the front network; host 100 by default.'),
    real_servers: z
      .union([within(realServerCount), z.array(realServer).min(realServerCount.least).max(realServerCount.most)])
      .optional()
      .describe('How many, or each by name; 2 by default.'),
    service: service.optional().describe('The virtual service; of several, see services.'),
    services: z
      .array(service)
      .min(serviceCount.least)
      .max(serviceCount.most)
      .optional()
      .describe('Several virtual services, in the place of service.'),
    health: z
      .strictObject({
        by: z.enum(checkers).describe('What watches the real servers, and keeps the table.'),
        checks: z
          .array(z.enum(healthChecks))
          .min(1)
          .optional()
          .describe(
            'Only for keepalived, what it looks at: http, the page; tcp, the port; load, how busy the CPU is, and the weight follows. http by default.',
          ),
        interval: z.int().min(1).max(60).optional().describe('Seconds from one look to the next; 1 by default.'),
        timeout: z.int().min(1).max(60).optional().describe('Seconds until a look has failed; 2 by default.'),
        quiescent: z
          .boolean()
          .optional()
          .describe('A failed real server keeps its place with weight 0; false, out of the table, by default.'),
        sorry_server: z
          .boolean()
          .optional()
          .describe('When all have failed, the director answers with a page of its own; true by default.'),
      })
      .optional()
      .describe('Health checks: a real server that fails gets no more requests, and is taken in again.'),
    nfs: siteServerOf('An NFS server, which has the files of a web site for all real servers', 'nfs'),
    php: siteServerOf('A PHP-FPM server, which runs its .php files', 'php'),
    mysql: siteServerOf('A MariaDB server; the site is WordPress then', 'mysql'),
    ocfs2: z
      .boolean()
      .optional()
      .describe('The files of the web site on one disk with OCFS2 that real servers and PHP server share.'),
    clock: z
      .boolean()
      .optional()
      .describe('The director serves its time to the real servers, by chrony; false by default.'),
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
export type ServiceInFile = z.infer<typeof service>;
export type MemberInFile = z.infer<typeof member>;
export type RealServerInFile = z.infer<typeof realServer>;
