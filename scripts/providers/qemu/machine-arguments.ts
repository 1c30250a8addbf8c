import type { Image } from '../image/image.ts';
import type { Accelerator } from './accelerator.ts';
import { qemuInfo } from './info.ts';

/** Lab NICs that every machine has, used or not: a restored machine must have the devices of its template. */
export const labNicCount = 2;

/**
 * The management network exists once in every QEMU process, closed to host and Internet but for SSH. Link-local
 * addresses (RFC 3927) keep it clear of any network a lab may use.
 */
const [network] = qemuInfo.capabilities.managementNetworks;
export const management = { network, host: '169.254.77.2', guest: '169.254.77.15' } as const;

/**
 * Size in MiB of the disk beside the image, which every machine has, of zeros where the plan gives it none: devices must be
 * those of the template. The files have holes.
 */
export const diskSize = 2048;

export interface Hardware {
  accelerator: Accelerator;
  /** MiB. */
  memory: number;
  image: Image;
}

export interface MachineFiles {
  /** The guest's memory. */
  memory: string;
  /** A template writes the file itself; clones keep what they write to themselves. */
  shareMemory: boolean;
  monitor: string;
  agent: string;
  console: string;
  /** The file of its disk; without it the disk is of zeros, and forgets. */
  disk?: string;
}

/** What a lab NIC is plugged into. */
export type Plug =
  | { kind: 'vde'; folder: string }
  | { kind: 'multicast'; group: string; port: number }
  | { kind: 'none' };

/** The part of QEMU's command line that template and clones share; it is in the template's key. */
export function hardwareArguments({ accelerator, memory, image }: Hardware): string[] {
  const accel = accelerator === 'tcg' ? `tcg,tb-size=64` : 'kvm';
  return [
    ['-nodefaults', '-no-user-config'],
    ['-display', 'none'],
    ['-monitor', 'none'],
    ['-machine', 'pc,memory-backend=ram,vmport=off', '-accel', accel, '-smp', '1', '-m', String(memory)],
    ['-cpu', accelerator === 'kvm' ? 'host' : 'qemu64'],
    ['-kernel', image.kernel, '-initrd', image.initrd],
    [
      '-append',
      `console=ttyS0 net.ifnames=0 panic=-1 quiet norandmaps${accelerator === 'tcg' ? ' mitigations=off' : ''}`,
    ],
    ['-drive', `if=none,id=root,format=raw,readonly=on,file=${escaped(image.root)}`],
    ['-device', 'virtio-blk-pci,drive=root'],
    // Found by its serial number in /sys/block.
    ['-device', 'virtio-blk-pci,drive=data,serial=lab-data'],
    // Tells a Linux ≥ 5.18 that it was cloned, so that it reseeds its random numbers.
    ['-device', 'vmgenid,guid=auto'],
    ['-device', 'virtio-serial-pci', '-device', 'virtserialport,chardev=agent,name=org.qemu.guest_agent.0'],
    ...Array.from({ length: labNicCount }, (_, slot) => ['-device', `virtio-net-pci,netdev=lab${slot},romfile=`]),
    ['-device', 'virtio-net-pci,netdev=management,romfile='],
  ].flat();
}

/**
 * The whole command line of one machine.
 * @param options.user has QEMU become another user once it has opened its files
 */
export function machineArguments(
  name: string,
  hardware: Hardware,
  files: MachineFiles,
  plugs: readonly Plug[],
  { incoming, user = [] }: { incoming: boolean; user?: readonly string[] },
): string[] {
  const share = files.shareMemory ? 'on' : 'off';
  return [
    ['-name', name],
    ['-object', `memory-backend-file,id=ram,size=${hardware.memory}M,share=${share},mem-path=${escaped(files.memory)}`],
    ['-chardev', `socket,id=agent,server=on,wait=off,path=${escaped(files.agent)}`],
    ['-qmp', `unix:${escaped(files.monitor)},server=on,wait=off`],
    ['-chardev', `file,id=console,append=on,path=${escaped(files.console)}`, '-serial', 'chardev:console'],
    ...Array.from({ length: labNicCount }, (_, slot) => ['-netdev', netdev(slot, plugs[slot] ?? { kind: 'none' })]),
    ['-netdev', managementNetdev(incoming)],
    ['-drive', dataDrive(files.disk)],
    hardwareArguments(hardware),
    // Once it runs, QEMU needs no new program, no new privilege and no odd system call: but those that change the user, to give it up.
    [
      '-sandbox',
      `on,obsolete=deny,elevateprivileges=${user.length > 0 ? 'allow' : 'deny'},spawn=deny,resourcecontrol=deny`,
    ],
    user,
    incoming ? ['-incoming', 'defer'] : [],
  ].flat();
}

/**
 * The machines are throwaway, and this computer's page cache outlives them: a guest's flushes need not reach a real disk.
 * Several machines may share the file, so it has no lock. auto-read-only would open it a second time, for writing, when a clone
 * wakes up: by then one that root started is nobody.
 */
function dataDrive(file: string | undefined): string {
  if (!file) return `if=none,id=data,driver=null-co,size=${diskSize}M,read-zeroes=on`;
  return `if=none,id=data,format=raw,cache=unsafe,discard=unmap,auto-read-only=off,file.locking=off,file.filename=${escaped(file)}`;
}

function netdev(slot: number, plug: Plug): string {
  const id = `lab${slot}`;
  switch (plug.kind) {
    case 'vde':
      return `vde,id=${id},sock=${escaped(plug.folder)}`;
    case 'multicast':
      return `socket,id=${id},mcast=${plug.group}:${plug.port},localaddr=127.0.0.1`;
    case 'none':
      return `hubport,id=${id},hubid=${slot}`;
  }
}

/** Port 0 lets the kernel choose a free one, so that there is no race for it; the monitor tells which. */
function managementNetdev(forward: boolean): string {
  const { network, host, guest } = management;
  const ssh = forward ? `,hostfwd=tcp:127.0.0.1:0-${guest}:22` : '';
  return `user,id=management,restrict=on,ipv6=off,net=${network},host=${host},dhcpstart=${guest}${ssh}`;
}

/** QEMU's options end at a comma; a doubled one is a comma in a value. */
function escaped(value: string): string {
  return value.replaceAll(',', ',,');
}
