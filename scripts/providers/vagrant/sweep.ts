import { run } from '../../host/exec.ts';
import type { Place } from '../../host/paths.ts';
import { which } from '../../host/which.ts';
import { prefixOf } from './leftovers.ts';

export const libvirtUri = () => process.env.LIBVIRT_DEFAULT_URI ?? 'qemu:///system';

/** Output lines of virsh. @throws ProviderError when it fails */
async function virsh(...args: string[]): Promise<string[]> {
  const { stdout } = await run('virsh', ['--quiet', '--connect', libvirtUri(), ...args], {
    timeoutMs: 60_000,
  });
  return stdout
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

/** Runs a program that removes something. A failure is ignored, because the thing may be gone already. */
async function attempt(program: string, ...args: string[]): Promise<void> {
  await run(program, args, { anyExitCode: true, timeoutMs: 60_000 });
}

/**
 * Removes machines, disks and networks of this lab that Vagrant does not know: those of a command that was killed.
 * @param known Vagrant's IDs of the machines that stay; if there are none, the lab's networks are removed too
 * @returns whether a hypervisor answered
 */
export async function sweep(place: Place, known: readonly string[]): Promise<boolean> {
  const asked = await Promise.all([sweepLibvirt(place, known), sweepVirtualBox(place, known)]);
  return asked.some(Boolean);
}

async function sweepLibvirt(place: Place, known: readonly string[]): Promise<boolean> {
  if (!(await which('virsh'))) return false;
  const prefix = prefixOf(place);
  const drop = (...args: string[]) => attempt('virsh', '--quiet', '--connect', libvirtUri(), ...args);
  let domains: string[];
  try {
    domains = await virsh('list', '--all', '--uuid', '--name');
  } catch {
    return false;
  }
  const kept: string[] = [];
  for (const [uuid = '', name = ''] of domains.map((line) => line.split(/\s+/))) {
    if (!name.startsWith(prefix)) continue;
    if (known.includes(uuid)) kept.push(name);
    else {
      await drop('destroy', name);
      await drop('undefine', name, '--managed-save', '--snapshots-metadata', '--nvram');
    }
  }
  for (const volume of await volumes()) {
    if (!volume.startsWith(prefix)) continue;
    // A second disk of a box is called NAME_1.img, one that a Vagrantfile adds NAME-vdb.qcow2.
    const rest = kept.filter((name) => volume.startsWith(name)).map((name) => volume.slice(name.length));
    if (!rest.some((end) => /^(_\d+)?\.img$|^-vd[a-z]\./.test(end))) await dropVolume(volume);
  }
  if (known.length > 0) return true;
  for (const network of await virsh('net-list', '--all', '--name')) {
    if (!network.startsWith(prefix)) continue;
    await drop('net-destroy', network);
    await drop('net-undefine', network);
  }
  return true;
}

async function volumes(): Promise<string[]> {
  try {
    return (await virsh('vol-list', '--pool', 'default')).map((line) => line.split(/\s+/)[0] ?? '');
  } catch {
    return []; // there is no pool before the first box
  }
}

function dropVolume(volume: string): Promise<void> {
  return attempt('virsh', '--quiet', '--connect', libvirtUri(), 'vol-delete', volume, '--pool', 'default');
}

async function sweepVirtualBox(place: Place, known: readonly string[]): Promise<boolean> {
  if (!(await which('VBoxManage'))) return false;
  const { code, stdout } = await run('VBoxManage', ['list', 'vms'], { anyExitCode: true, timeoutMs: 60_000 });
  if (code !== 0) return false;
  for (const [, name = '', id = ''] of stdout.matchAll(/^"(.*)" \{([0-9a-f-]+)\}$/gm)) {
    if (!name.startsWith(prefixOf(place)) || known.includes(id)) continue;
    await attempt('VBoxManage', 'controlvm', id, 'poweroff');
    await attempt('VBoxManage', 'unregistervm', id, '--delete');
  }
  return true;
}

/** Volumes of boxes. vagrant-libvirt uploads one when it makes the first machine of a box. */
export async function boxVolumes(): Promise<string[]> {
  return (await which('virsh')) ? (await volumes()).filter((name) => name.includes('_vagrant_box_image_')) : [];
}

/** Deletes box volumes that may be incomplete, since vagrant-libvirt would take each for complete. */
export async function dropBoxVolumes(names: readonly string[]): Promise<void> {
  for (const name of names) await dropVolume(name);
}
