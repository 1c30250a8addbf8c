import { z } from 'zod';
import { defaultHealthChecks, healthChecks } from '../backends/health-checks.ts';
import { backendNames } from '../backends/index.ts';
import { providerNames } from '../providers/index.ts';
import { canonical, isAddress, isNetmask, isNetwork } from './addresses.ts';
import { ipvsSysctls } from './ipvs-sysctls.ts';
import {
  checkers,
  defaultTunnel,
  guePort,
  kernels,
  modes,
  protocols,
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

/**
 * The words of keepalived.conf(5) and ipvsadm(8), in YAML. A default that depends on nothing stands here and is filled in when a
 * file is read. `meta` tells editors the default of a key of which lint must know whether it was written; defaults that depend on
 * other keys are computed in model/defaults.ts and beside it.
 */

const address = z
  .string()
  .refine(isAddress, { error: 'not an IP address', params: { wanted: 'address' }, abort: true })
  .overwrite(canonical);
const network = z
  .string()
  .refine(isNetwork, { error: 'not a network', params: { wanted: 'network' }, abort: true })
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
export const hostNamePattern = new RegExp(`^(?!localhost$)[a-z]([a-z0-9-]{0,${longestNodeName - 2}}[a-z0-9])?$`);
const nodeName = z.string().regex(hostNamePattern);

const weight = within(weightRange);

/** Keys of a real server that a service can set again for itself. */
const share = {
  weight: weight
    .exactOptional()
    .describe('ipvsadm --weight: its share of the connections, beside the weights of the others. 0 gets no new ones.'),
  uthreshold: threshold
    .exactOptional()
    .describe('ipvsadm --u-threshold: with this many connections it gets no new ones. 0 is no threshold.'),
  lthreshold: threshold
    .exactOptional()
    .describe(
      'ipvsadm --l-threshold: it gets new ones again with fewer connections than this. 0: three quarters of uthreshold.',
    ),
  port: port
    .exactOptional()
    .describe('The port that its server listens on. Only nat can change the port of the service.'),
};

export const realServer = z.strictObject({
  name: nodeName
    .optional()
    .describe('Host name. The name director makes the director itself a real server: LocalNode.'),
  address: address
    .optional()
    .describe(
      'RIP: in the back network by nat, in the front network by dr, in the remote network by tun where there is one, else in front.',
    ),
  mode: z.enum(modes).optional().describe('Forwarding method of this real server alone.'),
  ...share,
  weight: share.weight.default(1),
  uthreshold: share.uthreshold.default(0),
  lthreshold: share.lthreshold.default(0),
  tunnel: z
    .enum(tunnels)
    .optional()
    .describe('Only by tun, ipvsadm --tun-type: what requests are wrapped in.')
    .meta({ default: defaultTunnel }),
  tunnel_port: port.optional().describe('Only for gue, ipvsadm --tun-port: the UDP port.').meta({ default: guePort }),
  gateway: address
    .optional()
    .describe(
      'Only by nat: the default gateway. Answers must come back through the director, so its back address is the only one that works.',
    ),
});

/** A real server as one of a service's. */
export const member = z.strictObject({ name: nodeName, ...share });

export const service = z.strictObject({
  vip: address.describe('Virtual IP: the address that clients ask, in the front network.'),
  port: z
    .union([port, z.array(port).min(1).max(15)])
    .optional()
    .describe('The port that clients ask. A list needs fwmark, which joins its ports.'),
  protocol: z.enum(protocols).optional().describe('The protocol that clients speak.'),
  fwmark: within(fwmarkRange)
    .optional()
    .describe(
      'ipvsadm --fwmark-service: the director puts this mark on requests for all ports, which makes them one service.',
    ),
  backend: z.enum(backendNames).optional().describe('What the real servers run.'),
  scheduler: z.enum(schedulers).default('rr').describe('ipvsadm --scheduler: how the director chooses a real server.'),
  flags: z.array(z.enum(schedulerFlags)).default([]).describe('ipvsadm --sched-flags, of the schedulers sh and mh.'),
  persistence: within({ least: 0, most: longestTimeout })
    .default(0)
    .describe(
      'ipvsadm --persistent: seconds for which a client stays with the real server that it met. 0 is no persistence.',
    ),
  persistence_granularity: granularity
    .optional()
    .describe(
      'ipvsadm --netmask: all clients of one such network stay with the same real server. For IPv6 the length of the prefix.',
    ),
  ops: z
    .boolean()
    .default(false)
    .describe('ipvsadm --ops: each datagram is scheduled by itself. Only over udp, and not by nat.'),
  real_servers: z
    .array(z.union([nodeName, member]))
    .min(1)
    .max(realServerCount.most)
    .optional()
    .describe(
      'Which of the lab’s real servers serve it. Weight, thresholds and port of a map count for this service alone.',
    ),
});

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

/** Where a server of the site is. */
export const siteServer = z.union([
  z.literal(true),
  nodeName.refine((name) => !/^(yes|no|on|off)$/.test(name)),
  z.strictObject({ node: nodeName.optional(), address: address.optional() }),
]);
const siteServerOf = (what: string, name: string) =>
  siteServer.optional().describe(`${what}. true: on a node ${name} of its own; or the name of the node, or a map.`);

/** Owner and name, as Vagrant's catalogues have them. */
export const boxName = /^\w[\w.-]*\/\w[\w.-]*$/;

export const fileSchema = z
  .strictObject({
    title: z
      .string()
      .max(longestTitle)
      .regex(/^[^\p{C}]*$/u, 'not one line without control characters')
      .optional()
      .describe('One line on what the lab shows.'),
    mode: z.enum(modes).describe('Forwarding method: nat (ipvsadm -m), dr (-g) or tun (-i).'),
    release: z.literal(releases).default(13).describe('Debian release of the machines.'),
    kernel: z
      .enum(kernels)
      .default('cloud')
      .describe(
        'Debian’s kernel of the machines: cloud is small and quick, generic has all modules, ocfs2 among them.',
      ),
    memory: within(memoryRange).default(512).describe('Memory of each machine in MiB.'),
    provider: z
      .enum(providerNames)
      .optional()
      .describe(
        'What brings the machines up: qemu is built in. The option --provider and the variable LAB_PROVIDER go first.',
      ),
    box: z
      .string()
      .regex(
        boxName,
        'not the name of a Vagrant box; something like debian/bookworm64; a file is added by `vagrant box add --name NAME FILE` first',
      )
      .optional()
      .describe(
        'Only for vagrant: the box to make the machines of, with Debian in it. The variable LAB_BOX goes first.',
      ),
    networks: z
      .strictObject({
        front: network.describe('Where the client and the VIP are; by dr and tun the real servers too.'),
        back: network.optional().describe('Where the real servers by nat are, and no others.'),
        remote: network
          .optional()
          .describe('A network behind a router, where the real servers by tun are, and no others.'),
      })
      .describe('Closed networks of the lab: no other machine sees them, so any addresses will do.'),
    director: z
      .union([address, z.strictObject({ front: address.optional(), back: address.optional() })])
      .optional()
      .describe('The director’s address in the front network; as a map, in both networks.'),
    backup: z
      .union([address, backup])
      .optional()
      .describe('The front address of a second director. keepalived gives it the VIP while the first one is gone.'),
    router: z
      .strictObject({ front: address.optional(), remote: address.optional() })
      .optional()
      .describe('The router’s addresses in the front and the remote network.'),
    client: address.optional().describe('The client’s address in the front network.'),
    real_servers: z
      .union([within(realServerCount), z.array(realServer).min(realServerCount.least).max(realServerCount.most)])
      .default(2)
      .describe('How many real servers there are, or what each is like.'),
    service: service.optional().describe('The virtual service. Where there are several, see services.'),
    services: z
      .array(service)
      .min(serviceCount.least)
      .max(serviceCount.most)
      .optional()
      .describe('Several virtual services, in the place of service.'),
    health: z
      .strictObject({
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
      })
      .optional()
      .describe('Health checks: a real server that fails gets no more requests, until it answers again.'),
    nfs: siteServerOf('An NFS server with the files of a web site, which all real servers mount', 'nfs'),
    php: siteServerOf('A PHP-FPM server, which runs the .php files of the site', 'php'),
    mysql: siteServerOf('A MariaDB server, which makes the site WordPress', 'mysql'),
    ocfs2: z
      .boolean()
      .default(false)
      .describe(
        'The files of the web site are on one disk with the cluster file system OCFS2, which real servers and PHP server share.',
      ),
    clock: z.boolean().default(false).describe('The director serves its time to the real servers, by chrony.'),
    ipvs: z
      .strictObject({
        timeouts: z
          .strictObject({ tcp: timeout, tcpfin: timeout, udp: timeout })
          .optional()
          .describe('ipvsadm --set: seconds after which IPVS forgets a silent connection.'),
        sysctls: z
          .partialRecord(z.enum(ipvsSysctls), z.int().min(0).max(2_147_483_647))
          .optional()
          .describe('Values of net.ipv4.vs.*, by the last part of their names.'),
      })
      .optional()
      .describe('How IPVS treats the connections of all services.'),
  })
  .meta({ title: 'A lab of lvs-lab', description: 'Linux Virtual Server on virtual machines.' });

/** As it is read: with the defaults that stand above. */
export type LabFile = z.output<typeof fileSchema>;
export type ServiceInFile = z.output<typeof service>;
export type MemberInFile = z.output<typeof member>;
export type RealServerInFile = z.output<typeof realServer>;

/** As it is written: any key that has a default may be left out. */
export type WrittenLabFile = z.input<typeof fileSchema>;
export type WrittenService = z.input<typeof service>;
export type WrittenRealServer = z.input<typeof realServer>;
