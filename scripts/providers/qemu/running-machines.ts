import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { MissingPartError } from '../../errors.ts';
import { effortOf } from '../../host/effort.ts';
import { mapParallel } from '../../host/parallel.ts';
import type { Place } from '../../host/paths.ts';
import { endProcesses, findProcesses, type OwnProcess, privateMemory } from '../../host/processes.ts';
import { which } from '../../host/which.ts';
import type { Plan } from '../../plan/plan.ts';
import { type Emit, secondsSince } from '../../report/events.ts';
import type { Machine, MachineStatus } from '../provider.ts';
import { type Clone, type Origin, reach, startClone } from './clone.ts';
import { askDeadlineMs, isStopped, resume } from './go-on.ts';
import type { LabProcesses } from './lab-processes.ts';
import { Monitor } from './monitor.ts';
import type { QemuProgram } from './qemu-program.ts';
import { plugInto, startSwitch } from './switch.ts';
import { wake } from './wake.ts';

/**
 * Ends every process of the lab that does not fit the plan: machines with another command line, machines whose switch is gone
 * (QEMU does not connect again), and all others. Returns the machines that stay, by node.
 * @param loaded the same machines as the last checkpoint has brought them back, if one has: they stay as well
 */
export async function keepWhatIsRight(
  plan: Plan,
  clones: readonly Clone[],
  loaded: readonly Clone[],
  running: LabProcesses,
  qemu: QemuProgram,
): Promise<Map<string, OwnProcess>> {
  const vde = plugKind(clones) === 'vde';
  const kept = rightMachines([...clones, ...loaded], running, qemu);
  const right = new Set<OwnProcess>(kept.values());
  for (const { name } of plan.networks) {
    const found = running.switches.get(name);
    if (found && vde) right.add(found);
  }
  await endProcesses(running.all.filter((one) => !right.has(one)));
  return kept;
}

/** Those machines that run with exactly these command lines, by node. */
function rightMachines(
  wanted: readonly Clone[],
  { machines, switches }: LabProcesses,
  qemu: QemuProgram,
): Map<string, OwnProcess> {
  const vde = plugKind(wanted) === 'vde';
  const right = new Map<string, OwnProcess>();
  for (const { node, args } of wanted) {
    const found = machines.get(node.name);
    const same = found?.argv.join('\0') === [qemu.path, ...args].join('\0');
    if (found && same && node.nics.every(({ network }) => !vde || switches.has(network))) right.set(node.name, found);
  }
  return right;
}

/**
 * Whether all machines of a plan run as a checkpoint has brought them back. Then none has to be cloned.
 * @param loaded the machines as the last checkpoint has brought them back
 */
export function allAsLoaded(plan: Plan, loaded: readonly Clone[], running: LabProcesses, qemu: QemuProgram): boolean {
  return rightMachines(loaded, running, qemu).size === plan.nodes.length;
}

/** The same machines, with all other processes of the lab ended; undefined when one of them does not answer. */
export async function keepAsLoaded(
  plan: Plan,
  loaded: readonly Clone[],
  running: LabProcesses,
  qemu: QemuProgram,
  emit: Emit,
): Promise<Machine[] | undefined> {
  const start = performance.now();
  const kept = await keepWhatIsRight(plan, loaded, [], running, qemu);
  const machines = await mapParallel(loaded, availableParallelism() * 2, async (clone) => {
    const found = kept.get(clone.node.name);
    return found && revisit(clone, found);
  });
  const answering = machines.filter((one) => one !== undefined);
  if (answering.length < plan.nodes.length) return undefined;
  for (const { node } of answering) emit({ type: 'node', node, state: 'kept', seconds: secondsSince(start) });
  return answering;
}

function plugKind(clones: readonly Clone[]): 'vde' | 'other' {
  return clones.some(({ args }) => args.some((argument) => argument.startsWith('vde,'))) ? 'vde' : 'other';
}

export async function startSwitches(plan: Plan, place: Place, qemu: QemuProgram, running: LabProcesses): Promise<void> {
  for (const { name } of plan.networks) {
    if (plugInto(place, name, qemu).kind !== 'vde' || running.switches.has(name)) continue;
    const program = await which('vde_switch');
    if (!program) throw new MissingPartError('vde_switch is not installed', { tryThis: 'lab doctor' });
    await startSwitch(place, name, program);
  }
}

/** Starts a machine, unless it was kept and answers. */
export async function ensureMachine(
  clone: Clone,
  kept: OwnProcess | undefined,
  origin: Origin,
  qemu: QemuProgram,
  emit: Emit,
): Promise<Machine> {
  const start = performance.now();
  const node = clone.node.name;
  if (kept) {
    const machine = await revisit(clone, kept);
    if (machine) {
      emit({ type: 'node', node, state: 'kept', seconds: secondsSince(start) });
      return machine;
    }
    emit({ type: 'warning', text: `${node} does not answer; starting it again` });
    await endProcesses(await findProcesses(clone.monitor));
  }
  emit({ type: 'node', node, state: 'starting' });
  const machine = await startClone(clone, qemu, origin);
  emit({ type: 'node', node, state: 'running', seconds: secondsSince(start) });
  return machine;
}

/** MiB that a machine does not share with what it was started from, once it is set up. The average is 121. */
export const leastMemory = 100;

async function revisit(clone: Clone, { pid }: OwnProcess): Promise<Machine | undefined> {
  const listening = { deadlineMs: askDeadlineMs, effort: effortOf(pid) };
  let monitor: Monitor | undefined;
  try {
    monitor = await Monitor.open(clone.monitor, clone.node.name, listening);
    // It stands still if a command was killed while it saved the lab.
    if (await resume({ node: clone.node.name, monitor, effort: listening.effort }, clone.place)) {
      await wake(clone.place, clone.node.name, listening);
    }
    return await reach(clone, monitor, listening);
  } catch {
    return undefined;
  } finally {
    monitor?.close();
  }
}

export async function statusOf(place: Place, node: string, found: OwnProcess): Promise<MachineStatus> {
  const memory = await privateMemory(found.pid);
  const base = { node, pid: found.pid, ...(memory !== undefined && { privateMemory: memory }) };
  let monitor: Monitor | undefined;
  try {
    monitor = await Monitor.open(join(place.runtime, `${node}.monitor`), node, {
      deadlineMs: 2000, // the user waits, and "unknown" is an answer
      effort: effortOf(found.pid),
    });
    const [state, port] = [await monitor.state(), await monitor.sshPort()];
    return {
      ...base,
      state: state === 'running' ? 'running' : 'stopped',
      ...(port !== undefined && { sshHost: '127.0.0.1', sshPort: port }),
    };
  } catch {
    // QEMU answers one command at a time, and a save is one.
    return { ...base, state: (await isStopped(place)) ? 'stopped' : 'unknown' };
  } finally {
    monitor?.close();
  }
}
