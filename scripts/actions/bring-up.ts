import { countOf } from '../count-of.ts';
import { makePrivateFolder } from '../host/files.ts';
import { findParts } from '../host/requirements.ts';
import { canKeepMachines, lockLab, writePlan } from '../host/run-state.ts';
import { writeSshConfig } from '../host/ssh-config.ts';
import { requirementsOf } from '../plan/requirements.ts';
import type { Part } from '../providers/provider-info.ts';
import { providerOf } from '../providers/providers.ts';
import { partsFor } from '../providers/suitable.ts';
import type { BootedLab, ProvisionedLab } from '../provision/lab-states.ts';
import { type Emit, stage } from '../report/events.ts';
import { endMachines, type OpenedLab } from './opened-lab.ts';

interface UpSeconds {
  up: number;
  provision: number;
}

/**
 * Starts a lab and sets it up. Machines that run as planned stay; a lab that runs with another plan is stopped first.
 * The caller closes the connections.
 * @param starting is called before the first machine starts
 */
export async function bringUp(
  opened: OpenedLab,
  { setup, what, starting }: { setup: boolean; what: string; starting?: (() => void) | undefined },
  emit: Emit,
): Promise<{ lab: ProvisionedLab; seconds: UpSeconds }> {
  const { plan, place, scripts } = opened;
  const provider = await providerOf(plan.provider);
  await prepareHost(partsFor(provider, requirementsOf(plan)), setup, emit);
  const lock = await lockLab(place, what, emit);
  try {
    await makePrivateFolder(place.folder); // fails at once in a folder that cannot be written to
    const keep = await canKeepMachines(place, plan);
    await provider.prepare(plan, emit, keep ? place : undefined);
    if (!keep) await endMachines(place);
    await writePlan(place, plan, scripts);
    starting?.();
    const provisioning = import('../provision/provision.ts'); // loads while the machines start
    const { result: machines, seconds: up } = await stage(
      emit,
      'machines',
      `starting ${countOf(plan.nodes.length, 'machine')}`,
      () => provider.up(plan, place, emit),
      (found) => `${countOf(found.length, 'machine')} up`,
    );
    await writeSshConfig(place, machines);
    const booted: BootedLab = { plan, place, machines };
    const { result: lab, seconds } = await stage(
      emit,
      'provision',
      'setting them up over SSH',
      async () => (await provisioning).provision(booted, scripts, emit),
      () => `${countOf(scripts.length, 'script')} ran`,
    );
    const { recordStates } = await import('../provision/node-states.ts');
    await recordStates(lab, opened, emit);
    return { lab, seconds: { up, provision: seconds } };
  } finally {
    lock.release();
  }
}

/** @throws MissingPartError when a part is missing and must not, or cannot, be installed */
export async function prepareHost(parts: readonly Part[], setup: boolean, emit: Emit): Promise<void> {
  if ((await findParts(parts)).every(({ there }) => there)) return;
  const installer = await import('../host/setup.ts');
  await installer.ensureParts(parts, { forbidden: !setup }, emit);
}
