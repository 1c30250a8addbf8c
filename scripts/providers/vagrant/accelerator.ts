import { MissingPartError } from '../../errors.ts';
import type { Release } from '../../model/words.ts';
import type { Emit } from '../../report/events.ts';
import { imageOf, isBuilt } from '../image/image.ts';
import { type Accelerator, chooseAccelerator, kvmDevice, wishedAccelerator } from '../qemu/accelerator.ts';
import { findQemu } from '../qemu/qemu-program.ts';

/**
 * The accelerator for libvirt's QEMU. If the guest image is built, the embedded provider's probe decides. Otherwise it is KVM if
 * the device exists, since libvirt may open it even if this user may not.
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
    if (error instanceof MissingPartError) return 'kvm'; // there is no QEMU to try it with
    throw error;
  }
}
