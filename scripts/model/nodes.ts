import { hostAt } from './addresses.ts';
import type { Lab } from './lab.ts';
import { backup as backupInFile, defaultSyncid } from './schema/backup.ts';
import type { LabFile } from './schema/lab-file.ts';

/** Name of the second director. */
export const backupName = 'backup';

/** The director's addresses: those of the file, or the defaults. */
export function directorOf(file: LabFile): Lab['director'] {
  const { front, back } = file.networks;
  const given = typeof file.director === 'string' ? { front: file.director } : (file.director ?? {});
  const address = given.front ?? hostAt(front, 2n);
  const inside = back && (('back' in given && given.back) || hostAt(back, 1n));
  return { front: address, ...(inside && { back: inside }) };
}

/** The second director; null without one. */
export function backupOf({ backup }: LabFile): Lab['backup'] {
  if (backup === undefined) return null;
  const given = typeof backup === 'string' ? backupInFile.parse({ front: backup }) : backup;
  return {
    front: given.front,
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
