import { hostAt, hostCount, nextFree } from './addresses.ts';
import type { Lab } from './lab.ts';
import { backup as backupInFile, defaultSyncid } from './schema/backup.ts';
import type { LabFile } from './schema/lab-file.ts';
import { directorName } from './words.ts';

/** Name of the second director. */
export const backupName = 'backup';

/** The machines that have IPVS. */
export function directorsOf({ backup }: Pick<LabFile, 'backup'>): string[] {
  return [directorName, ...(backup ? [backupName] : [])];
}

/** The director's addresses: those of the file, or the defaults. */
export function directorOf(file: LabFile): Lab['director'] {
  const { front, back } = file.networks;
  const given = typeof file.director === 'string' ? { front: file.director } : (file.director ?? {});
  const address = given.front ?? hostAt(front, 2n);
  return { front: address, ...(back && { back: insideOf(file, back).director }) };
}

/**
 * Addresses in the back network. One director has the first by default. Two leave that to the gateway, which is where the VIP is, and
 * have the next ones that the file does not name. In a network without room for them the last one is taken, as lint then says.
 */
function insideOf(file: LabFile, cidr: string): { director: string; backup: string; gateway: string } {
  const given = typeof file.director === 'object' ? file.director.back : undefined;
  const { back, gateway } = typeof file.backup === 'object' ? file.backup : {};
  if (file.backup === undefined) return { director: given ?? hostAt(cidr, 1n), backup: '', gateway: '' };
  const rips = Array.isArray(file.real_servers) ? file.real_servers.flatMap(({ address }) => address ?? []) : [];
  const taken = new Set([given, back, gateway, ...rips].filter((one) => one !== undefined));
  const free = (from: bigint) => {
    const start = hostAt(cidr, from);
    const found = hostCount(cidr) > taken.size ? nextFree(cidr, start, taken) : start;
    taken.add(found);
    return found;
  };
  const first = gateway ?? free(1n);
  return { gateway: first, director: given ?? free(2n), backup: back ?? free(3n) };
}

/** The second director; null without one. */
export function backupOf(file: LabFile): Lab['backup'] {
  const { backup, networks } = file;
  if (backup === undefined) return null;
  const inside = networks.back && insideOf(file, networks.back);
  const given = typeof backup === 'string' ? backupInFile.parse({ front: backup }) : backup;
  return {
    front: given.front,
    ...(inside && { back: inside.backup, gateway: inside.gateway }),
    advertInterval: given.advert_interval,
    preemptDelay: given.preempt_delay,
    nopreempt: given.nopreempt,
    unicast: given.unicast,
    sync: given.sync ?? { syncid: defaultSyncid },
  };
}

/** The router's addresses; undefined without a remote network. */
export function routerOf({ router, networks: { front, remote } }: LabFile): Lab['router'] {
  if (!remote) return undefined;
  return {
    front: router?.front ?? hostAt(front, 1n),
    remote: router?.remote ?? hostAt(remote, 1n),
  };
}

/**
 * The address of a director by which answers of real servers by NAT go back; of two directors the one that VRRP moves. Undefined if
 * requests have the director's own address.
 */
export function gatewayOf({
  director,
  backup,
  oneArm,
}: Pick<Lab, 'director' | 'backup' | 'oneArm'>): string | undefined {
  if (oneArm) return oneArm === 'routes' ? director.front : undefined;
  return backup?.gateway ?? director.back;
}
