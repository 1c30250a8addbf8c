import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere } from '../../host/files.ts';
import type { Place } from '../../host/paths.ts';
import { endProcesses, type OwnProcess } from '../../host/processes.ts';
import { mark, vagrantFolder } from './vagrant-command.ts';

/** Vagrant's ID of each of its machines, by node: the UUID of the domain or virtual machine. */
export async function knownIds(place: Place): Promise<Map<string, string>> {
  const machines = join(vagrantFolder(place), 'machines');
  const ids = new Map<string, string>();
  for (const node of await list(machines)) {
    for (const hypervisor of await list(join(machines, node))) {
      const id = await readIfThere(join(machines, node, hypervisor, 'id'));
      if (id) ids.set(node, id.trim());
    }
  }
  return ids;
}

/** Throws for a folder that cannot be read. It must not look like a missing folder, because unknown machines are removed. */
async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Ends every vagrant process that still makes or destroys machines of this lab, and its children. This command holds the lab's
 * lock, so the command that started them is dead.
 */
export async function endAbandonedCommands(place: Place): Promise<void> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid): Promise<OwnProcess[]> => {
      try {
        if (pid === process.pid) return [];
        // Another user's environment cannot be read.
        const environment = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0');
        if (!environment.includes(`${mark}=${place.id}`)) return [];
        return [{ pid, argv: (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, -1) }];
      } catch {
        return [];
      }
    }),
  );
  const ours = /(^|\/)(vagrant|ruby\S*|VBoxManage|bsdtar|qemu-img)$/;
  await endProcesses(found.flat().filter(({ argv }) => argv.slice(0, 2).some((word) => ours.test(word))));
}

/** The prefix that the Vagrantfile gives everything of this lab in a hypervisor. */
export function prefixOf(place: Place): string {
  return `lvs-lab-${place.id}-`;
}
