import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../host/exec.ts';
import { readIfThere } from '../../host/files.ts';
import type { Place } from '../../host/paths.ts';
import { endProcesses, type OwnProcess } from '../../host/processes.ts';
import { which } from '../../host/which.ts';
import { mark, vagrantFolder } from './vagrant-command.ts';

/** What a command leaves that was killed, and what Vagrant then knows nothing of. */

/** Vagrant's ID of each machine that it knows: for libvirt the UUID of the domain. */
export async function knownIds(place: Place): Promise<Map<string, string>> {
  const machines = join(vagrantFolder(place), 'machines');
  const ids = new Map<string, string>();
  for (const node of await readdir(machines).catch(() => [])) {
    for (const hypervisor of await readdir(join(machines, node)).catch(() => [])) {
      const id = await readIfThere(join(machines, node, hypervisor, 'id'));
      if (id) ids.set(node, id.trim());
    }
  }
  return ids;
}

/** Ends every vagrant that still works on this lab. We hold the lab's lock, so its command is dead. */
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
  await endProcesses(found.flat().filter(({ argv }) => argv.some((word) => word.endsWith('vagrant'))));
}

/** The prefix of everything in libvirt that belongs to this lab; the Vagrantfile gives it. */
function prefixOf(place: Place): string {
  return `lvs-lab-${place.id}-`;
}

/**
 * Takes libvirt's domains and volumes of this lab away that Vagrant does not know.
 * @param known IDs of the machines that stay; nothing stays, and the networks go too, when it is empty
 */
export async function sweepLibvirt(place: Place, known: readonly string[]): Promise<void> {
  if (!(await which('virsh'))) return;
  const prefix = prefixOf(place);
  const virsh = async (...args: string[]): Promise<string[]> => {
    const uri = process.env.LIBVIRT_DEFAULT_URI ?? 'qemu:///system';
    const options = { anyExitCode: true, timeoutMs: 30_000 };
    const { code, stdout } = await run('virsh', ['--quiet', '--connect', uri, ...args], options);
    // Without a libvirt that answers there is nothing to sweep, or nobody to do it.
    return code === 0 ? stdout.split('\n').map((line) => line.trim()) : [];
  };
  const kept: string[] = [];
  for (const line of await virsh('list', '--all', '--uuid', '--name')) {
    const [uuid = '', name = ''] = line.split(/\s+/);
    if (!name.startsWith(prefix)) continue;
    if (known.includes(uuid)) kept.push(name);
    else {
      await virsh('destroy', name);
      await virsh('undefine', name, '--snapshots-metadata', '--nvram');
    }
  }
  for (const line of await virsh('vol-list', '--pool', 'default')) {
    const [volume = ''] = line.split(/\s+/);
    const owned = kept.some((name) => volume === `${name}.img`);
    if (volume.startsWith(prefix) && !owned) await virsh('vol-delete', volume, '--pool', 'default');
  }
  if (known.length > 0) return;
  for (const network of await virsh('net-list', '--all', '--name')) {
    if (!network.startsWith(prefix)) continue;
    await virsh('net-destroy', network);
    await virsh('net-undefine', network);
  }
}
