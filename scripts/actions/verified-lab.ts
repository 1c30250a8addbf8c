import { disconnect, type ProvisionedLab } from '../provision/lab-states.ts';
import { connectAll } from '../provision/provision.ts';
import type { Emit } from '../report/events.ts';
import type { Verdict } from '../verify/verify.ts';
import { findRunningLab, machinesOf, type OpenedLab, withScripts } from './opened-lab.ts';
import { lockToVerify, verification } from './verification.ts';

/** A running lab that has just been verified. */
export interface VerifiedLab {
  opened: OpenedLab;
  lab: ProvisionedLab;
  verdict: Verdict;
  /** What the verification took. */
  seconds: number;
}

/**
 * Verifies a running lab, and works with it before any other command may change it.
 * @param requests requests of each service, in place of the lab's own number
 * @throws ProviderError when not all of its machines run
 */
export async function withVerifiedLab<T>(
  name: string,
  requests: number | undefined,
  emit: Emit,
  work: (verified: VerifiedLab) => Promise<T>,
): Promise<T> {
  const lock = await lockToVerify((await findRunningLab(name)).place, emit);
  try {
    // Read after the lock is there: while this command waited, another may have changed or stopped the lab.
    const found = await withScripts((await findRunningLab(name)).plan);
    const services = found.plan.services.map((one) => (requests ? { ...one, requests } : one));
    const opened = { ...found, plan: { ...found.plan, services } };
    const { plan, place } = opened;
    const machines = await machinesOf(opened, undefined, emit, { locked: true });
    const lab: ProvisionedLab = { plan, place, machines, remotes: await connectAll(machines) };
    try {
      return await work({ opened, lab, ...(await verification(opened, lab, emit)) });
    } finally {
      disconnect(lab);
    }
  } finally {
    lock.release();
  }
}
