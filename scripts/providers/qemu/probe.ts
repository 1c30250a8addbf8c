import { MissingPartError, UsageError } from '../../errors.ts';
import { probeUserNamespaces } from '../image/user-namespaces.ts';
import type { Finding } from '../provider.ts';
import { kvmDevice, wishedAccelerator } from './accelerator.ts';
import { findQemu } from './qemu-program.ts';

/**
 * The lines of `lab doctor` about QEMU, in addition to those about its parts.
 * @param needed whether labs run with it here
 */
export async function probeQemu(needed: boolean): Promise<Finding[]> {
  return [...(needed ? await probeUserNamespaces() : []), ...(await probeProgram()), ...probeWish()];
}

/** A value of LAB_ACCEL with which no lab starts. */
function probeWish(): Finding[] {
  try {
    wishedAccelerator();
    return [];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return [{ subject: 'LAB_ACCEL', ok: false, found: error.message, mend: 'unset LAB_ACCEL' }];
  }
}

async function probeProgram(): Promise<Finding[]> {
  const kvm = await kvmDevice();
  const device: Finding = {
    subject: 'KVM',
    ok: true,
    found:
      kvm === 'usable'
        ? '/dev/kvm exists; the first run finds out whether guests boot on it'
        : `${kvm}: labs are emulated (TCG), which is slower`,
    ...(kvm.startsWith('no permission') && { mend: 'sudo adduser $USER kvm, then log in again' }),
  };
  try {
    const { version, vde } = await findQemu();
    const networks = vde ? 'vde_switch' : 'multicast on loopback (this QEMU has no vde)';
    return [{ subject: 'QEMU', ok: true, found: `${version}; lab networks by ${networks}` }, device];
  } catch (error) {
    const found = error instanceof MissingPartError ? error.message : `does not answer: ${(error as Error).message}`;
    return [{ subject: 'QEMU', ok: false, found }, device];
  }
}
