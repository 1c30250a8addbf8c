import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { MissingPartError } from '../../errors.ts';
import { exists, makePrivateFolder, removeTree } from '../../host/files.ts';
import { takeLock } from '../../host/lock.ts';
import { cacheFolder, type Place } from '../../host/paths.ts';
import { installCommand } from '../../host/requirements.ts';
import { SharedLock } from '../../host/shared-lock.ts';
import { findLabProcesses } from './lab-processes.ts';
import { manageSwitch } from './line-cable.ts';
import type { Management } from './management.ts';

/**
 * The plugin of vde_switch that writes all frames to a file (vde's pdump.c). The file's header says that frames are cut after 96
 * bytes, and other programs do cut them there when they read it. But pktevent writes them whole.
 */
const plugin = 'pdump';

/** Where a lab's switches write. A switch's command has at most 127 bytes, so this path is a short link to the folder of the files. */
const linkOf = (place: Place) => join(place.runtime, 'capture');
const folderOf = (place: Place) => join(place.folder, 'capture');

export function captureFile(place: Place, network: string): string {
  return join(folderOf(place), `${network}.pcap`);
}

/** Every command holds one while it captures. */
export interface Share {
  /** Ends the capture if nobody else needs it. */
  release(): Promise<void>;
}

/** Makes every switch of a lab write its frames, unless they do so for another command already. */
export async function shareCapture(place: Place): Promise<Share> {
  const users = await SharedLock.open(lockOf(place, 'users'));
  try {
    await oneByOne(place, async () => {
      if (await users.alone()) {
        await end(place);
        await begin(place);
      }
      await users.share();
    });
  } catch (error) {
    users.release();
    throw error;
  }
  return {
    async release() {
      try {
        await oneByOne(place, async () => {
          if (await users.alone()) await end(place);
        });
      } finally {
        users.release();
      }
    },
  };
}

/** Ends the capture of a command that was killed. */
export async function endAbandonedCapture(place: Place): Promise<void> {
  if (!(await exists(folderOf(place)))) return;
  const users = await SharedLock.open(lockOf(place, 'users'));
  try {
    await oneByOne(place, async () => {
      if (await users.alone()) await end(place);
    });
  } finally {
    users.release();
  }
}

/** Removes what was captured, when the lab ends. */
export async function removeCaptured(place: Place): Promise<void> {
  await removeTree(linkOf(place));
  await removeTree(folderOf(place));
}

function lockOf(place: Place, what: string): string {
  return join(cacheFolder(), 'locks', `${place.id}.capture-${what}`);
}

async function oneByOne(place: Place, work: () => Promise<void>): Promise<void> {
  const lock = await takeLock(lockOf(place, 'change'), { what: `lab capture ${place.lab}`, waitSeconds: 60 });
  try {
    await work();
  } finally {
    lock.release();
  }
}

async function begin(place: Place): Promise<void> {
  await makePrivateFolder(folderOf(place));
  await symlink(folderOf(place), linkOf(place));
  await onEachSwitch(place, async (session, network) => {
    if (!(await session.attempt(`plugin/add ${plugin}`))) {
      throw new MissingPartError(`vde_switch does not find its plugin ${plugin}`, {
        cause: 'package vde2 has it, in /usr/lib/vde2/plugins, and it needs libpcap',
        tryThis: installCommand(['vde2']),
      });
    }
    await session.commands([
      `pdump/filename ${join(linkOf(place), `${network}.pcap`)}`,
      'pdump/buffered 0',
      'pdump/active 1',
    ]);
  });
}

/** Removes the plugin, if the switch has it. Then the switch closes the file. */
async function end(place: Place): Promise<void> {
  await onEachSwitch(place, async (session) => {
    await session.attempt(`plugin/del ${plugin}`);
  });
  await removeCaptured(place);
}

async function onEachSwitch(
  place: Place,
  work: (session: Management, network: string) => Promise<void>,
): Promise<void> {
  const { switches } = await findLabProcesses(place);
  await Promise.all(
    [...switches].map(async ([network, found]) => {
      await manageSwitch(place, network, found, (session) => work(session, network));
    }),
  );
}
