import { defaultHealthChecks } from '../backends/health-checks.ts';
import { familyOf, hostAt, isHostOf, nextFree } from './addresses.ts';
import type { LabFile, RealServerInFile, ServiceInFile } from './file-schema.ts';
import { type Destination, directorName, type Lab, type RealServer, type Service } from './lab.ts';
import { networkOf } from './network-of.ts';
import { endpointsOf, membersIn, protocolOf, servicesOf } from './services.ts';
import { siteOf, siteServersOf } from './site.ts';

/** The second director's. */
export const backupName = 'backup';

/** IANA's port for GUE. */
export const guePort = 6080;

/** Where a web site has the root, the page that names the real server is here. */
const serverPage = '/server';

type Placed = RealServer & { given: RealServerInFile };

/**
 * Fills in what a lab file leaves out. Addresses: director .2 in front and .1 at the back, client .100, router .1, real
 * servers behind the last one named, else from .4 on (at the back and behind the router: from .2 on).
 * @param count how many real servers there are to be, instead of what the file says
 * @throws RangeError when a network has no room for them
 */
export function withDefaults(name: string, file: LabFile, count?: number): Lab {
  const { front, back, remote } = file.networks;
  const networks = { front, ...(back && { back }), ...(remote && { remote }) };
  const director = directorOf(file);
  const router = routerOf(file);
  const named = Array.isArray(file.real_servers) ? file.real_servers : [];
  const vips = servicesOf(file).map(({ service }) => service.vip);
  const rips = named.flatMap(({ address }) => address ?? []);
  const backup = backupOf(file);
  const fixed = [director.front, director.back, backup?.front, router?.front, router?.remote, ...vips, ...rips];
  const taken = new Set(fixed.filter((one) => one !== undefined));
  const client = file.client ?? nextFree(networks.front, hundredth(networks.front), taken);
  taken.add(client);
  const servers = realServersOf(file, networks, director, taken, count);
  const realServers = servers.map(({ given: _, ...server }) => server);
  const site = siteOf(file);
  return {
    name,
    title: file.title ?? `${file.mode} lab`,
    mode: file.mode,
    release: file.release ?? 13,
    kernel: file.kernel ?? 'cloud',
    memory: file.memory ?? 512,
    ...(file.provider && { provider: file.provider }),
    ...(file.box && { box: file.box }),
    family: familyOf(front),
    networks,
    director,
    backup,
    ...(router && { router }),
    client,
    realServers,
    services: servicesOf(file).map(({ service }) => ({
      ...serviceOf(service, servers),
      page: site ? serverPage : '/',
    })),
    site,
    siteServers: siteServersOf(file, networks, realServers, taken),
    health: file.health
      ? {
          by: file.health.by,
          checks: [...(file.health.checks ?? defaultHealthChecks)],
          interval: file.health.interval ?? 1,
          timeout: file.health.timeout ?? 2,
          quiescent: file.health.quiescent ?? false,
          sorryServer: file.health.sorry_server ?? true,
        }
      : null,
    clock: file.clock ?? false,
    ipvs: {
      timeouts: file.ipvs?.timeouts ?? null,
      sysctls: Object.entries(sysctlsOf(file)).map(([key, value]) => ({ name: key, value })),
    },
  };
}

/**
 * Without expire_nodest_conn IPVS drops whatever belongs to a connection with a real server that was taken out, and
 * remembers a closed one for two minutes: a client that comes with the same port again is kept from the others, and from
 * the sorry server (ip_vs_in_hook in net/netfilter/ipvs/ip_vs_core.c).
 */
function sysctlsOf({ health, ipvs }: LabFile): Record<string, number> {
  return { ...(health && { expire_nodest_conn: 1 }), ...ipvs?.sysctls };
}

function realServersOf(
  file: LabFile,
  networks: Lab['networks'],
  director: Lab['director'],
  taken: Set<string>,
  wanted?: number,
): Placed[] {
  const named = Array.isArray(file.real_servers) ? file.real_servers : [];
  const names = namesOf(file, wanted);
  // Addresses go on behind the last one of the same network.
  const last = {
    front: hostAt(networks.front, 3n),
    back: networks.back ? hostAt(networks.back, 1n) : '',
    remote: networks.remote ? hostAt(networks.remote, 1n) : '',
  };
  const servers: Placed[] = [];
  for (let index = 0; index < names.length; index++) {
    const given = named[index] ?? {};
    const local = given.name === directorName;
    const mode = given.mode ?? file.mode;
    const place = networkOf(mode, networks);
    const network = networks[place] ?? networks.front;
    let { address } = given;
    if (local) address ??= (place === 'back' && director.back) || director.front;
    else {
      address ??= nextFree(network, last[place], taken);
      last[place] = address;
    }
    taken.add(address);
    const { tunnel = 'ipip', tunnel_port: tunnelPort = tunnel === 'gue' ? guePort : 0 } = given;
    servers.push({ name: names[index] ?? '', local, mode, tunnel, tunnelPort, address, given });
  }
  return servers;
}

function serviceOf(service: ServiceInFile, servers: readonly Placed[]): Omit<Service, 'page'> {
  const endpoints = endpointsOf(service);
  const granularity = service.persistence_granularity;
  const members = membersIn(service);
  const chosen = members
    ? members.flatMap((own) => servers.filter(({ name }) => name === own.name).map((server) => ({ server, own })))
    : servers.map((server) => ({ server, own: {} }));
  const destinations = chosen.map(({ server: { given, name, ...server }, own }): Destination => {
    const { port, weight, uthreshold, lthreshold } = { ...given, ...own };
    return {
      server: name,
      ...server,
      port: service.fwmark ? 0 : (port ?? endpoints[0]?.port ?? 0),
      weight: weight ?? 1,
      uthreshold: uthreshold ?? 0,
      lthreshold: lthreshold ?? 0,
    };
  });
  return {
    vip: service.vip,
    protocol: protocolOf(service),
    fwmark: service.fwmark ?? 0,
    endpoints,
    scheduler: service.scheduler ?? 'rr',
    flags: service.flags ?? [],
    persistence: service.persistence ?? 0,
    persistenceGranularity: granularity === undefined ? '' : String(granularity),
    ops: service.ops ?? false,
    destinations,
  };
}

/** Names of the first `count` real servers: as given, else rs1, rs2, …, or the next number that none has. */
export function namesOf(file: LabFile, wanted?: number): string[] {
  const named = Array.isArray(file.real_servers) ? file.real_servers : [];
  const count = wanted ?? (typeof file.real_servers === 'number' ? file.real_servers : named.length || 2);
  const taken = new Set(named.flatMap(({ name }) => name ?? []));
  return Array.from({ length: count }, (_, index) => {
    const name = named[index]?.name ?? freeName(index + 1, taken);
    taken.add(name);
    return name;
  });
}

function freeName(number: number, taken: ReadonlySet<string>): string {
  return taken.has(`rs${number}`) ? freeName(number + 1, taken) : `rs${number}`;
}

/** Director’s addresses as given or by default. */
export function directorOf(file: LabFile): Lab['director'] {
  const { front, back } = file.networks;
  const given = typeof file.director === 'string' ? { front: file.director } : (file.director ?? {});
  const address = given.front ?? hostAt(front, 2n);
  const inside = back && (('back' in given && given.back) || hostAt(back, 1n));
  return { front: address, ...(inside && { back: inside }) };
}

/** The second director, where there is one. */
export function backupOf({ backup }: LabFile): Lab['backup'] {
  if (backup === undefined) return null;
  const given = typeof backup === 'string' ? { front: backup } : backup;
  return {
    front: given.front,
    advertInterval: given.advert_interval ?? 0.5,
    preemptDelay: given.preempt_delay ?? 5,
  };
}

/** The router's addresses, where there is a remote network. */
export function routerOf({ router, networks: { front, remote } }: LabFile): Lab['router'] {
  if (!remote) return undefined;
  return {
    front: router?.front ?? hostAt(front, 1n),
    remote: router?.remote ?? hostAt(remote, 1n),
  };
}

function hundredth(cidr: string): string {
  const wanted = hostAt(cidr, 100n);
  return isHostOf(wanted, cidr) ? wanted : hostAt(cidr, 1n);
}
