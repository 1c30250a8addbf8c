import { MissingPartError } from '../../errors.ts';
import type { Release } from '../../model/lab.ts';
import type { Emit } from '../../report/events.ts';
import { imageOf, isBuilt } from '../image/image.ts';
import { type Accelerator, chooseAccelerator, kvmDevice, wishedAccelerator } from '../qemu/accelerator.ts';
import { findQemu } from '../qemu/qemu-program.ts';

/**
 * What libvirt's QEMU is to run on: what the embedded provider finds out, where its image is there to try it with;
 * else KVM wherever there is such a device, since libvirt may open it where this user may not.
 */
export async function acceleratorForLibvirt(release: Release, emit: Emit): Promise<Accelerator> {
  const wish = wishedAccelerator();
  if (wish) return wish;
  const device = await kvmDevice();
  if (device === 'no /dev/kvm') return 'tcg';
  const image = await imageOf({ release, kernel: 'cloud' });
  if (device !== 'usable' || !(await isBuilt(image))) return 'kvm';
  try {
    return (await chooseAccelerator(image, await findQemu(), emit)).accelerator;
  } catch (error) {
    if (error instanceof MissingPartError) return 'kvm'; // no QEMU on the path to try it with
    throw error;
  }
}
