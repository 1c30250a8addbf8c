import { z } from 'zod';
import { defaultHealthChecks, healthChecks } from '../backends/health-checks.ts';
import { backendNames } from '../backends/index.ts';
import { providerNames } from '../providers/index.ts';
import { canonical, isAddress, isNetmask, isNetwork } from './addresses.ts';
import { ipvsSysctls } from './ipvs-sysctls.ts';
import { checkers, kernels, modes, protocols, releases, schedulerFlags, schedulers, tunnels } from './lab.ts';
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
import { guePort } from './real-servers.ts';

/** The words of keepalived.conf(5) and ipvsadm(8), in YAML. What is optional has a default, given in model/defaults.ts. */

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
    .optional()
    .describe('ipvsadm --weight: its share of the connections, beside the weights of the others. 0 gets no new ones.'),
  uthreshold: threshold
    .optional()
    .describe('ipvsadm --u-threshold: with this many connections it gets no new ones. 0 is no threshold.'),
  lthreshold: threshold
    .optional()
    .describe(
      'ipvsadm --l-threshold: it gets new ones again with fewer connections than this. 0: three quarters of uthreshold.',
    ),
  port: port.optional().describe('The port that its server listens on. Only nat can change the port of the service.'),
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
  weight: share.weight.meta({ default: 1 }),
  uthreshold: share.uthreshold.meta({ default: 0 }),
  lthreshold: share.lthreshold.meta({ default: 0 }),
  tunnel: z
    .enum(tunnels)
    .optional()
    .describe('Only by tun, ipvsadm --tun-type: what requests are wrapped in.')
    .meta({ default: 'ipip' }),
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
  scheduler: z
    .enum(schedulers)
    .optional()
    .describe('ipvsadm --scheduler: how the director chooses a real server.')
    .meta({ default: 'rr' }),
  flags: z
    .array(z.enum(schedulerFlags))
    .optional()
    .describe('ipvsadm --sched-flags, of the schedulers sh and mh.')
    .meta({ default: [] }),
  persistence: within({ least: 0, most: longestTimeout })
    .optional()
    .describe(
      'ipvsadm --persistent: seconds for which a client stays with the real server that it met. 0 is no persistence.',
    )
    .meta({ default: 0 }),
  persistence_granularity: granularity
    .optional()
    .describe(
      'ipvsadm --netmask: all clients of one such network stay with the same real server. For IPv6 the length of the prefix.',
    ),
  ops: z
    .boolean()
    .optional()
    .describe('ipvsadm --ops: each datagram is scheduled by itself. Only over udp, and not by nat.')
    .meta({ default: false }),
  real_servers: z
    .array(z.union([nodeName, member]))
    .min(1)
    .max(realServerCount.most)
    .optional()
    .describe(
      'Which of the lab’s real servers serve it. Weight, thresholds and port of a map count for this service alone.',
    ),
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
    release: z.literal(releases).optional().describe('Debian release of the machines.').meta({ default: 13 }),
    kernel: z
      .enum(kernels)
      .optional()
      .describe('Debian’s kernel of the machines: cloud is small and quick, generic has all modules, ocfs2 among them.')
      .meta({ default: 'cloud' }),
    memory: within(memoryRange).optional().describe('Memory of each machine in MiB.').meta({ default: 512 }),
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
            .describe(
              'Seconds from one VRRP advertisement to the next, keepalived’s advert_int. After three missing ones the backup takes over.',
            )
            .meta({ default: 0.5 }),
          preempt_delay: z
            .int()
            .min(1)
            .max(20)
            .optional()
            .describe('Seconds for which a director that is back again only listens, before it takes the VIP back.')
            .meta({ default: 5 }),
        }),
      ])
      .optional()
      .describe('The front address of a second director. keepalived gives it the VIP while the first one is gone.'),
    router: z
      .strictObject({ front: address.optional(), remote: address.optional() })
      .optional()
      .describe('The router’s addresses in the front and the remote network.'),
    client: address.optional().describe('The client’s address in the front network.'),
    real_servers: z
      .union([within(realServerCount), z.array(realServer).min(realServerCount.least).max(realServerCount.most)])
      .optional()
      .describe('How many real servers there are, or what each is like.')
      .meta({ default: 2 }),
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
        interval: z.int().min(1).max(60).optional().describe('Seconds from one look to the next.').meta({ default: 1 }),
        timeout: z
          .int()
          .min(1)
          .max(60)
          .optional()
          .describe('Seconds after which a look without an answer has failed.')
          .meta({ default: 2 }),
        quiescent: z
          .boolean()
          .optional()
          .describe('true: a failed real server stays in the table with weight 0. false: it is taken out.')
          .meta({ default: false }),
        sorry_server: z
          .boolean()
          .optional()
          .describe('When all real servers have failed, the director answers with a page of its own.')
          .meta({ default: true }),
      })
      .optional()
      .describe('Health checks: a real server that fails gets no more requests, until it answers again.'),
    nfs: siteServerOf('An NFS server with the files of a web site, which all real servers mount', 'nfs'),
    php: siteServerOf('A PHP-FPM server, which runs the .php files of the site', 'php'),
    mysql: siteServerOf('A MariaDB server, which makes the site WordPress', 'mysql'),
    ocfs2: z
      .boolean()
      .optional()
      .describe(
        'The files of the web site are on one disk with the cluster file system OCFS2, which real servers and PHP server share.',
      )
      .meta({ default: false }),
    clock: z
      .boolean()
      .optional()
      .describe('The director serves its time to the real servers, by chrony.')
      .meta({ default: false }),
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

export type LabFile = z.infer<typeof fileSchema>;
export type ServiceInFile = z.infer<typeof service>;
export type MemberInFile = z.infer<typeof member>;
export type RealServerInFile = z.infer<typeof realServer>;
