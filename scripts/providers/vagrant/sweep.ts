import { run } from '../../host/exec.ts';
import type { Place } from '../../host/paths.ts';
import { which } from '../../host/which.ts';
import { prefixOf } from './leftovers.ts';

export const libvirtUri = () => process.env.LIBVIRT_DEFAULT_URI ?? 'qemu:///system';

/** Lines that virsh prints. @throws ProviderError when it fails */
async function virsh(...args: string[]): Promise<string[]> {
  const { stdout } = await run('virsh', ['--quiet', '--connect', libvirtUri(), ...args], {
    timeoutMs: 60_000,
  });
  return stdout
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

/** Whatever it says: what was to go may be gone by now. */
async function attempt(program: string, ...args: string[]): Promise<void> {
  await run(program, args, { anyExitCode: true, timeoutMs: 60_000 });
}

/**
 * Takes machines, disks and networks of this lab away that Vagrant does not know: those of a command that was killed.
 * @param known Vagrant's IDs of the machines that stay; with none the lab's networks go too
 * @returns whether a hypervisor could be asked
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
    return []; // the pool is made with the first box
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

/** Volumes that vagrant-libvirt keeps of boxes: each is uploaded when a machine of that box is made for the first time. */
export async function boxVolumes(): Promise<string[]> {
  return (await which('virsh')) ? (await volumes()).filter((name) => name.includes('_vagrant_box_image_')) : [];
}

/** Deletes box volumes that may be half uploaded: vagrant-libvirt would take each for whole, as it is there. */
export async function dropBoxVolumes(names: readonly string[]): Promise<void> {
  for (const name of names) await dropVolume(name);
}
