import { createHash } from 'node:crypto';
import type { Image } from '../image/image.ts';
import type { Accelerator } from './accelerator.ts';
import { qemuInfo } from './info.ts';

/** Lab NICs of every machine, used or not, because a restored machine must have the devices of its template. */
const labNicCount = 2;

/**
 * Every QEMU process has a separate management network, closed to host and Internet except for SSH. It has link-local addresses
 * (RFC 3927), which no lab can use.
 */
const [network] = qemuInfo.capabilities.managementNetworks;
export const management = { network, host: '169.254.77.2', guest: '169.254.77.15' } as const;

/**
 * Size in MiB of the disk beside the image. Every machine has one, because its devices must be those of the template; if the plan
 * gives it none, the disk reads as zeros. The files are sparse.
 */
export const diskSize = 2048;

/**
 * Before QEMU 8.0, an emulated cmpxchg16b leaves wrong flags: helper_cmpxchg16b (target/i386/tcg/mem_helper.c) reads `cc_op`, which
 * disas_insn (translate.c, case 0x1c7) has not stored. Linux uses this instruction for each allocation (mm/slub.c). An interrupt
 * just after it saves these flags, and the return from the interrupt sets them. In rare cases the kernel then panics with a double
 * fault. Without cx16 Linux does not use the instruction.
 */
const emulatedCpu = 'qemu64,-cx16';

/** QEMU's name of the guest's memory. */
export const memoryId = 'ram';

export interface Hardware {
  accelerator: Accelerator;
  /** MiB. */
  memory: number;
  /** Its clock counts instructions. Only an emulated machine can do that. */
  instructionClock?: true | undefined;
  image: Image;
}

/** A key of the hardware, wherever the image lies: a machine of another one cannot go on with what was saved. */
export function hardwareKey(hardware: Omit<Hardware, 'image'>): string {
  const image = { kernel: 'kernel', initrd: 'initrd', root: 'root' };
  const text = JSON.stringify(hardwareArguments({ ...hardware, image }));
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

interface MachineFiles {
  /** The guest's memory. */
  memory: string;
  /** A template writes to the file. Clones keep what they write for themselves. */
  shareMemory: boolean;
  monitor: string;
  agent: string;
  console: string;
  /** The file of its disk. Without it the disk reads as zeros and keeps nothing. */
  disk?: string;
}

/** What a lab NIC is connected to. */
export type Plug =
  | { kind: 'vde'; folder: string }
  | { kind: 'multicast'; group: string; port: number }
  | { kind: 'none' };

/** The part of QEMU's command line that template and clones share. The template's key depends on it. */
export function hardwareArguments({
  accelerator,
  memory,
  instructionClock,
  image,
}: Omit<Hardware, 'image'> & { image: Pick<Image, 'kernel' | 'initrd' | 'root' | 'layer'> }): string[] {
  const accel = accelerator === 'tcg' ? `tcg,tb-size=64` : 'kvm';
  const words = [
    'console=ttyS0 net.ifnames=0 panic=-1 quiet norandmaps',
    ...(accelerator === 'tcg' ? ['mitigations=off'] : []),
    // On a busy computer a kernel may find its timer silent (check_timer in arch/x86/kernel/apic/io_apic.c), and give up.
    ...(image.layer ? ['no_timer_check lab.layer=/dev/vdc'] : []),
  ];
  return [
    ['-nodefaults', '-no-user-config'],
    ['-display', 'none'],
    ['-monitor', 'none'],
    ['-machine', `pc,memory-backend=${memoryId},vmport=off`, '-accel', accel, '-smp', '1', '-m', String(memory)],
    // One instruction takes 2^2 ns of the guest's time. While the guest sleeps, its time is that of this computer (qemu(1), -icount).
    ...(instructionClock ? [['-icount', 'shift=2,sleep=on']] : []),
    ['-cpu', accelerator === 'kvm' ? 'host' : emulatedCpu],
    ['-kernel', image.kernel, '-initrd', image.initrd],
    ['-append', words.join(' ')],
    ['-drive', readOnlyDrive('root', image.root)],
    ['-device', 'virtio-blk-pci,drive=root'],
    // Guests find it by its serial number in /sys/block.
    ['-device', 'virtio-blk-pci,drive=data,serial=lab-data'],
    ...(image.layer
      ? [['-drive', readOnlyDrive('layer', image.layer.file), '-device', 'virtio-blk-pci,drive=layer']]
      : []),
    // Tells Linux 5.18 and later that the machine was cloned, so that it reseeds its random numbers.
    ['-device', 'vmgenid,guid=auto'],
    ['-device', 'virtio-serial-pci', '-device', 'virtserialport,chardev=agent,name=org.qemu.guest_agent.0'],
    ...Array.from({ length: labNicCount }, (_, slot) => ['-device', `virtio-net-pci,netdev=lab${slot},romfile=`]),
    ['-device', 'virtio-net-pci,netdev=management,romfile='],
  ].flat();
}

/**
 * The whole command line of one machine.
 * @param options.user arguments that make QEMU another user once it has opened its files
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
    [
      '-object',
      `memory-backend-file,id=${memoryId},size=${hardware.memory}M,share=${share},mem-path=${escaped(files.memory)}`,
    ],
    ['-chardev', `socket,id=agent,server=on,wait=off,path=${escaped(files.agent)}`],
    ['-qmp', `unix:${escaped(files.monitor)},server=on,wait=off`],
    ['-chardev', `file,id=console,append=on,path=${escaped(files.console)}`, '-serial', 'chardev:console'],
    ...Array.from({ length: labNicCount }, (_, slot) => ['-netdev', netdev(slot, plugs[slot] ?? { kind: 'none' })]),
    ['-netdev', managementNetdev(incoming)],
    ['-drive', dataDrive(files.disk)],
    hardwareArguments(hardware),
    // A running QEMU needs no new program, no new privilege and no unusual system call, except those that change its user.
    [
      '-sandbox',
      `on,obsolete=deny,elevateprivileges=${user.length > 0 ? 'allow' : 'deny'},spawn=deny,resourcecontrol=deny`,
    ],
    user,
    // A machine that reboots has lost its name and its keys. One that ends says so at once.
    ['-no-reboot'],
    incoming ? ['-incoming', 'defer'] : [],
  ].flat();
}

/** A disk with a part of the image, which all machines share. */
function readOnlyDrive(id: 'root' | 'layer', file: string): string {
  return `if=none,id=${id},format=raw,readonly=on,file=${escaped(file)}`;
}

/** The file of such a disk in the command line of a machine. */
export function readOnlyFile(argv: readonly string[], id: 'root' | 'layer'): string | undefined {
  const start = readOnlyDrive(id, '');
  return argv
    .find((one) => one.startsWith(start))
    ?.slice(start.length)
    .replaceAll(',,', ',');
}

/**
 * The machines are throwaway, and this computer's page cache outlives them, so a guest's flushes need not reach a real disk.
 * Several machines may share the file, so it has no lock. With auto-read-only QEMU would open it again for writing when a clone
 * wakes up, when a machine that root started runs as nobody.
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

/** With port 0 the kernel chooses a free port, so there is no race. The monitor reports the port. */
function managementNetdev(forward: boolean): string {
  const { network, host, guest } = management;
  const ssh = forward ? `,hostfwd=tcp:127.0.0.1:0-${guest}:22` : '';
  return `user,id=management,restrict=on,ipv6=off,net=${network},host=${host},dhcpstart=${guest}${ssh}`;
}

/** A comma ends an option of QEMU. A doubled comma is a comma in the value. */
function escaped(value: string): string {
  return value.replaceAll(',', ',,');
}
