import { constants } from 'node:fs';
import { access, mkdtemp } from 'node:fs/promises';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../errors.ts';
import { run } from '../../host/exec.ts';
import { exists, readIfThere, removeTree } from '../../host/files.ts';
import { cacheFolder } from '../../host/paths.ts';
import { readState, writeState } from '../../host/state-file.ts';
import type { Emit } from '../../report/events.ts';
import type { Image } from '../image/image.ts';
import type { QemuProgram } from './qemu-program.ts';

export type Accelerator = 'kvm' | 'tcg';

interface AcceleratorChoice {
  accelerator: Accelerator;
  why: string;
}

/** The choice for machines whose instructions are counted: KVM counts none. */
export const emulation: AcceleratorChoice = { accelerator: 'tcg', why: 'instructions are counted' };

/**
 * Chooses KVM if a guest's kernel boots on it, else TCG. /dev/kvm may exist and be useless: with nested or paravirtual KVM stock
 * kernels may hang. So a probe boots the guest's own kernel with a deadline, once for each image, QEMU and boot of this computer.
 * LAB_ACCEL=kvm or tcg decides without a probe.
 */
export async function chooseAccelerator(image: Image, qemu: QemuProgram, emit: Emit): Promise<AcceleratorChoice> {
  const wish = wishedAccelerator();
  if (wish) return { accelerator: wish, why: 'set by LAB_ACCEL' };
  const device = await kvmDevice();
  if (device !== 'usable') return { accelerator: 'tcg', why: device };
  const file = join(cacheFolder(), 'probes', `kvm-${image.key}.json`);
  const stamp = [image.key, qemu.version, release(), await readIfThere('/proc/sys/kernel/random/boot_id')].join(' ');
  const remembered = await readState<AcceleratorChoice & { stamp: string }>(file);
  if (remembered?.stamp === stamp) return remembered;
  emit({ type: 'progress', stage: 'template', text: 'trying KVM' });
  const works = await bootsWithKvm(image, qemu);
  const choice: AcceleratorChoice = works
    ? { accelerator: 'kvm', why: 'a guest kernel boots on it' }
    : { accelerator: 'tcg', why: '/dev/kvm exists, but a guest kernel does not boot on it' };
  await writeState(file, { ...choice, stamp });
  return choice;
}

/** @throws UsageError for any other LAB_ACCEL */
export function wishedAccelerator(): Accelerator | undefined {
  const wish = process.env.LAB_ACCEL;
  if (!wish) return undefined;
  if (wish === 'kvm' || wish === 'tcg') return wish;
  throw new UsageError(`LAB_ACCEL: ${JSON.stringify(wish)} is neither kvm nor tcg`, { tryThis: 'unset LAB_ACCEL' });
}

/** "usable" if this user may open /dev/kvm, else why not. */
export async function kvmDevice(): Promise<string> {
  if (!(await exists('/dev/kvm'))) return 'no /dev/kvm';
  try {
    await access('/dev/kvm', constants.R_OK | constants.W_OK);
    return 'usable';
  } catch {
    return 'no permission to open /dev/kvm';
  }
}

const probeDeadlineMs = 15_000;

/** Whether a guest's kernel boots on KVM within `probeDeadlineMs`, or longer on a busy computer. */
export async function bootsWithKvm(
  image: Pick<Image, 'kernel' | 'initrd'>,
  qemu: Pick<QemuProgram, 'path'>,
): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-probe-'));
  const log = join(folder, 'console');
  try {
    await run(
      qemu.path,
      [
        ['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-m', '256', '-serial', `file:${log}`],
        ['-machine', 'pc', '-accel', 'kvm', '-cpu', 'host', '-kernel', image.kernel, '-initrd', image.initrd],
        ['-append', 'console=ttyS0 panic=-1 lab.probe'],
      ].flat(),
      { timeoutMs: probeDeadlineMs, anyExitCode: true },
    );
  } catch {
    // It was too slow or failed: the console shows how far it came.
  }
  const works = (await readIfThere(log))?.includes('lab-probe-ok') ?? false;
  await removeTree(folder);
  return works;
}
