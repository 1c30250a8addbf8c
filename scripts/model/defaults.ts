import { hostAt, isHostOf, nextFree } from './addresses.ts';
import type { LabFile } from './file-schema.ts';
import type { Lab, RealServer } from './lab.ts';

/**
 * Fills in what a lab file leaves out. Addresses: director .2 in front and .1 at the back, client .100, real servers
 * behind the last one named, else from .4 on (nat: from .2 on at the back).
 * @param realServers how many there are to be, instead of what the file says
 * @throws RangeError when a network has no room for them
 */
export function withDefaults(name: string, file: LabFile, realServers?: number): Lab {
  const { front, back } = file.networks;
  const director = directorOf(file);
  const taken = new Set<string>([director.front, director.back, file.service.vip].filter((one) => one !== undefined));
  const named = Array.isArray(file.real_servers) ? file.real_servers : [];
  for (const { address } of named) if (address) taken.add(address);
  const client = file.client ?? nextFree(front, hundredth(front), taken);
  taken.add(client);
  const service = {
    vip: file.service.vip,
    port: file.service.port ?? 80,
    protocol: file.service.protocol ?? 'tcp',
    scheduler: file.service.scheduler ?? 'rr',
    flags: file.service.flags ?? [],
    persistence: file.service.persistence ?? 0,
    persistenceGranularity: file.service.persistence_granularity ?? '',
  };
  const count = realServers ?? (Array.isArray(file.real_servers) ? named.length : (file.real_servers ?? 2));
  // Addresses go on behind the last one of the same network.
  const last = { front: hostAt(front, 3n), back: back ? hostAt(back, 1n) : '' };
  const names = new Set(named.flatMap(({ name: given }) => given ?? []));
  const servers: RealServer[] = [];
  for (let index = 0; index < count; index++) {
    const given = named[index];
    const mode = given?.mode ?? file.mode;
    const network = mode === 'nat' && back ? 'back' : 'front';
    const address = given?.address ?? nextFree(file.networks[network] ?? front, last[network], taken);
    taken.add(address);
    last[network] = address;
    const called = given?.name ?? freeName(index + 1, names);
    names.add(called);
    servers.push({
      name: called,
      mode,
      address,
      port: given?.port ?? service.port,
      weight: given?.weight ?? 1,
      uthreshold: given?.uthreshold ?? 0,
      lthreshold: given?.lthreshold ?? 0,
    });
  }
  return {
    name,
    title: file.title ?? `${file.mode} lab`,
    mode: file.mode,
    release: file.release ?? 13,
    memory: file.memory ?? 512,
    ...(file.provider && { provider: file.provider }),
    ...(file.box && { box: file.box }),
    networks: { front, ...(back && { back }) },
    director,
    client,
    realServers: servers,
    service,
    ipvs: {
      timeouts: file.ipvs?.timeouts ?? null,
      sysctls: Object.entries(file.ipvs?.sysctls ?? {}).map(([name, value]) => ({ name, value })),
    },
  };
}

/** rs1, rs2, …, or the next number that no real server has. */
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

function hundredth(cidr: string): string {
  const wanted = hostAt(cidr, 100n);
  return isHostOf(wanted, cidr) ? wanted : hostAt(cidr, 1n);
}
