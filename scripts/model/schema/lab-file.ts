import { z } from 'zod';
import { providerNames } from '../../providers/index.ts';
import { longestTitle, memoryRange, realServerCount, serviceCount } from '../limits.ts';
import { modes, oneArms, releases } from '../words.ts';
import { backup } from './backup.ts';
import { health } from './health.ts';
import { ipvs } from './ipvs.ts';
import { kernel } from './kernel.ts';
import { modules } from './modules.ts';
import { realServer } from './real-server.ts';
import { service } from './service.ts';
import { siteServerOf } from './site-server.ts';
import { address, boxName, network, within } from './values.ts';

/**
 * The words of keepalived.conf(5) and ipvsadm(8), in YAML. A default that depends on nothing stands here and is filled in when a
 * file is read. `meta` tells editors the default of a key of which lint must know whether it was written; defaults that depend on
 * other keys are computed in model/defaults.ts and beside it.
 */
export const fileSchema = z
  .strictObject({
    title: z
      .string()
      .max(longestTitle)
      .regex(/^[^\p{C}]*$/u, 'not one line without control characters')
      .optional()
      .describe('One line that says what the lab shows.'),
    mode: z.enum(modes).describe('Forwarding method: nat (ipvsadm -m), dr (-g) or tun (-i).'),
    release: z.literal(releases).default(13).describe('Debian release of the machines.'),
    kernel: kernel
      .default('cloud')
      .describe(
        'The kernel of the machines. cloud and generic are the release’s own: cloud is small and quick, generic has all modules, for example ocfs2. Or a version (6.12.94), the newest of a series (6.12) or of a suite of Debian’s archive (bookworm-backports, sid), each also with -generic; or files.',
      ),
    kernels: z
      .record(z.string(), kernel)
      .optional()
      .describe('Machines with another kernel than the rest of the lab, by their names: director: 7.2.'),
    modules: modules
      .optional()
      .describe(
        'A module of your own, in the place of the kernel’s: ip_vs, with the files ip_vs_*.ko beside it. lab build-module builds it.',
      ),
    memory: within(memoryRange).default(512).describe('Memory of each machine in MiB.'),
    provider: z
      .enum(providerNames)
      .optional()
      .describe(
        'What makes the machines; qemu is built in. The option --provider and the variable LAB_PROVIDER override it.',
      ),
    box: z
      .string()
      .regex(
        boxName,
        'not the name of a Vagrant box; something like debian/bookworm64; add a box file with `vagrant box add --name NAME FILE` first',
      )
      .optional()
      .describe('Only for vagrant: the box for the machines, with Debian in it. The variable LAB_BOX overrides it.'),
    networks: z
      .strictObject({
        front: network.describe('The network of the client and the VIP, and of real servers by dr and tun.'),
        back: network.optional().describe('The network of the real servers by nat, and of no others.'),
        remote: network.optional().describe('A network behind a router, for the real servers by tun and no others.'),
      })
      .describe('Closed networks of the lab. No other machine sees them, so you may choose any addresses.'),
    director: z
      .union([address, z.strictObject({ front: address.optional(), back: address.optional() })])
      .optional()
      .describe('The director’s address in the front network; as a map, in both networks.'),
    one_arm: z
      .enum(oneArms)
      .optional()
      .describe(
        'For nat in one network: how answers get back to the director. routes: each real server has a route to the client through the director. snat: the director puts its own address into requests, by iptables -m ipvs; real servers then see no client.',
      ),
    backup: z
      .union([address, backup])
      .optional()
      .describe('The front address of a second director. keepalived gives it the VIP while the first one is down.'),
    router: z
      .strictObject({ front: address.optional(), remote: address.optional() })
      .optional()
      .describe('The router’s addresses in the front and the remote network.'),
    client: address.optional().describe('The client’s address in the front network.'),
    real_servers: z
      .union([within(realServerCount), z.array(realServer).min(realServerCount.least).max(realServerCount.most)])
      .default(2)
      .describe('The number of real servers, or a list of them.'),
    service: service.optional().describe('The virtual service. For several services use services.'),
    services: z
      .array(service)
      .min(serviceCount.least)
      .max(serviceCount.most)
      .optional()
      .describe('Several virtual services, instead of service.'),
    health: health
      .optional()
      .describe('Health checks: a real server that fails gets no more requests, until it answers again.'),
    nfs: siteServerOf('An NFS server with the files of a web site, which all real servers mount', 'nfs'),
    php: siteServerOf('A PHP-FPM server, which runs the .php files of the site', 'php'),
    mysql: siteServerOf('A MariaDB server, which makes the site WordPress', 'mysql'),
    ocfs2: z
      .boolean()
      .default(false)
      .describe(
        'The files of the web site are on one disk with the cluster file system OCFS2. Real servers and PHP server share it.',
      ),
    clock: z.boolean().default(false).describe('The director serves the time to the real servers, by chrony.'),
    ipvs: ipvs.optional().describe('How IPVS treats the connections of all services.'),
  })
  .meta({ title: 'A lab of lvs-lab', description: 'Linux Virtual Server on virtual machines.' });

/** The file as it is read, with the defaults of the schema. */
export type LabFile = z.output<typeof fileSchema>;

/** The file as it is written: keys that have a default may be missing. */
export type WrittenLabFile = z.input<typeof fileSchema>;
