import { familyOf, hostAt, isHostOf, nextFree } from './addresses.ts';
import { defaultService } from './default-service.ts';
import type { Lab } from './lab.ts';
import { modulesByNode } from './modules.ts';
import { backupOf, directorOf, directorsOf, routerOf } from './nodes.ts';
import { namedServers, placedServers } from './real-servers.ts';
import { defaultRetryDelay } from './schema/health.ts';
import type { LabFile } from './schema/lab-file.ts';
import { servicesOf } from './services.ts';
import { siteOf, siteServersOf } from './site.ts';

/** The page that names the real server, in a lab whose web site has the root. */
const serverPage = '/server';

/**
 * Fills in what a lab file leaves out. The default addresses are: director .2 in the front network and .1 in the back network,
 * client .100, router .1, real servers after the last one that the file names, else from .4 on (in the back and remote networks from
 * .2 on).
 * @param count how many real servers, instead of the number in the file
 * @throws RangeError when a network is full
 */
export function withDefaults(name: string, file: LabFile, count?: number): Lab {
  const { front, back, remote } = file.networks;
  const networks = { front, ...(back && { back }), ...(remote && { remote }) };
  const director = directorOf(file);
  const router = routerOf(file);
  const named = namedServers(file);
  const vips = servicesOf(file).map(({ service }) => service.vip);
  const rips = named.flatMap(({ address }) => address ?? []);
  const backup = backupOf(file);
  const fixed = [
    director.front,
    director.back,
    backup?.front,
    backup?.back,
    backup?.gateway,
    router?.front,
    router?.remote,
    ...vips,
    ...rips,
  ];
  const taken = new Set(fixed.filter((one) => one !== undefined));
  const client = file.client ?? nextFree(networks.front, hundredth(networks.front), taken);
  taken.add(client);
  const servers = placedServers(file, { networks, director }, taken, count);
  const realServers = servers.map(({ given: _, ...server }) => server);
  const site = siteOf(file);
  return {
    name,
    title: file.title ?? `${file.mode} lab`,
    mode: file.mode,
    release: file.release,
    kernel: file.kernel,
    kernels: file.kernels ?? {},
    modules: modulesByNode(file.modules?.ip_vs, directorsOf(file)),
    memory: file.memory,
    ...(file.provider && { provider: file.provider }),
    ...(file.box && { box: file.box }),
    family: familyOf(front),
    networks,
    director,
    backup,
    ...(file.one_arm && { oneArm: file.one_arm }),
    ...(router && { router }),
    client,
    realServers,
    services: servicesOf(file).map(({ service }) => ({
      ...defaultService(service, servers),
      page: site ? serverPage : '/',
    })),
    site,
    siteServers: siteServersOf(file, networks, realServers, taken),
    health: healthOf(file),
    clock: file.clock,
    ipvs: {
      timeouts: file.ipvs?.timeouts ?? null,
      sysctls: Object.entries(sysctlsOf(file)).map(([key, value]) => ({ name: key, value })),
    },
  };
}

function healthOf({ health }: LabFile): Lab['health'] {
  if (!health) return null;
  return {
    by: health.by,
    checks: health.checks ?? null,
    interval: health.interval,
    timeout: health.timeout,
    retry: health.retry,
    retryDelay: health.retry_delay ?? defaultRetryDelay,
    alpha: health.alpha ?? true,
    omega: health.omega ?? false,
    quorum: health.quorum ?? 1,
    hysteresis: health.hysteresis ?? 0,
    quiescent: health.quiescent,
    sorryServer: health.sorry_server,
  };
}

/**
 * Settings of the file, and with health checks expire_nodest_conn. Without that, IPVS drops all packets of a connection to a real
 * server that was taken out of the table, and remembers a closed connection for two minutes. A client that uses the same port again
 * in that time reaches neither the other real servers nor the sorry server (ip_vs_in_hook in net/netfilter/ipvs/ip_vs_core.c).
 * SNAT of requests needs conntrack entries for them.
 */
function sysctlsOf({ health, ipvs, one_arm: oneArm }: LabFile): Record<string, number | string> {
  return {
    ...(health && { expire_nodest_conn: 1 }),
    ...(oneArm === 'snat' && { conntrack: 1 }),
    ...ipvs?.sysctls,
  };
}

function hundredth(cidr: string): string {
  const wanted = hostAt(cidr, 100n);
  return isHostOf(wanted, cidr) ? wanted : hostAt(cidr, 1n);
}
