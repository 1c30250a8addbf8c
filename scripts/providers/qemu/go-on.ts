import { join } from 'node:path';
import { LabError } from '../../errors.ts';
import { effortOf } from '../../host/effort.ts';
import { exists, removeTree } from '../../host/files.ts';
import { mapParallel } from '../../host/parallel.ts';
import type { Place } from '../../host/paths.ts';
import type { Effort } from '../../host/patience.ts';
import { writeState } from '../../host/state-file.ts';
import { waitFor } from '../../host/wait.ts';
import { errorText } from '../../report/error-text.ts';
import type { Emit } from '../../report/events.ts';
import { filesOf } from './clone.ts';
import { findLabProcesses } from './lab-processes.ts';
import { Monitor } from './monitor.ts';
import { wake } from './wake.ts';

/** Idle milliseconds after which QEMU or a kept machine must have answered. A frozen machine never answers. */
export const askDeadlineMs = 8000;

/** Idle milliseconds for the guest agent, as for a clone's, and for QEMU to give up what it sends. */
const goOnDeadlineMs = 60_000;

/** A running machine, with a connection to its QEMU. */
export interface Opened {
  node: string;
  monitor: Monitor;
  effort: Effort;
}

/** The caller closes the monitor. */
export async function openMonitor(place: Place, node: string, pid: number): Promise<Opened> {
  const effort = effortOf(pid);
  const monitor = await Monitor.open(filesOf(place, node).monitor, node, { deadlineMs: askDeadlineMs, effort });
  return { node, monitor, effort };
}

/** Says that a save has stopped machines, and that not all of them have been woken since. */
function noteOf(place: Place): string {
  return join(place.folder, 'stopped.json');
}

/** Whether a save has stopped machines of the lab and has not woken all of them: it runs, or was killed. */
export function isStopped(place: Place): Promise<boolean> {
  return exists(noteOf(place));
}

export async function noteAwake(place: Place): Promise<void> {
  await removeTree(noteOf(place));
}

/**
 * Does work that stops machines. However it ends, they go on; only a killed command leaves that to the next one.
 * @throws the error of the work; what goes wrong after one is a warning
 */
export async function thenGoOn(place: Place, emit: Emit, work: () => Promise<void>): Promise<void> {
  await writeState(noteOf(place), {});
  let failure: { error: unknown } | undefined;
  try {
    await work();
  } catch (error) {
    failure = { error };
  }
  try {
    await goOn(place, emit);
  } catch (error) {
    if (!failure || !(error instanceof LabError)) throw error;
    emit({ type: 'warning', text: errorText(error) });
  }
  if (failure) throw failure.error;
}

/** Lets machines go on that a save has stopped, and sets their clocks. @throws the first error, when all were told */
export async function goOn(place: Place, emit: Emit): Promise<void> {
  const { machines } = await findLabProcesses(place);
  await mapParallel([...machines], machines.size, async ([node, { pid }]) => {
    const opened = await openMonitor(place, node, pid);
    try {
      if (!(await resume(opened, place))) return;
    } finally {
      opened.monitor.close();
    }
    await wakeOrWarn(place, opened, emit);
  });
  await noteAwake(place);
}

/** @returns whether the machine must be woken: it stood still, or has perhaps not been woken since. */
export async function resume({ node, monitor, effort }: Opened, place: Place): Promise<boolean> {
  const state = await monitor.state();
  if (!standsStill(state)) return state === 'running' && (await isStopped(place));
  await giveUpSaving(monitor, node, effort);
  await monitor.resume();
  return true;
}

/** Whether a machine in this state (QMP's RunState) was stopped for a save. */
export function standsStill(state: string): boolean {
  return ['paused', 'finish-migrate', 'postmigrate'].includes(state);
}

/** A machine that is being saved cannot go on. */
async function giveUpSaving(monitor: Monitor, node: string, effort: Effort): Promise<void> {
  const isOver = async () => {
    const over = ['none', 'completed', 'failed', 'cancelled'].includes(await monitor.saveStatus());
    return over && (await monitor.state()) !== 'finish-migrate' ? true : undefined;
  };
  if (await isOver()) return;
  await monitor.cancelSave();
  await waitFor(isOver, { what: `end of saving ${node}`, deadlineMs: goOnDeadlineMs, effort });
}

async function wakeOrWarn(place: Place, { node, effort }: Opened, emit: Emit): Promise<void> {
  try {
    await wake(place, node, { deadlineMs: goOnDeadlineMs, effort });
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    emit({ type: 'warning', text: `${node} goes on, but its clock may be wrong: ${errorText(error)}` });
  }
}
