import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { MissingPartError, ProviderError } from '../../errors.ts';
import { effortOf } from '../../host/effort.ts';
import { makePrivateFolder, removeTree } from '../../host/files.ts';
import { mapParallel } from '../../host/parallel.ts';
import type { Place } from '../../host/paths.ts';
import { endProcesses, findProcesses, type OwnProcess, privateMemory } from '../../host/processes.ts';
import { requireMemory } from '../../host/room.ts';
import { which } from '../../host/which.ts';
import type { Plan, PlannedNode } from '../../plan/plan.ts';
import { type Emit, secondsSince } from '../../report/events.ts';
import { ensureImage } from '../image/image.ts';
import type { Machine, MachineStatus, Provider } from '../provider.ts';
import { chooseAccelerator } from './accelerator.ts';
import { type Clone, cloneOf, filesOf, machineOf, reach, startClone } from './clone.ts';
import { blameDamage } from './damage.ts';
import { makeDisks, removeDisk, removeDisks } from './disks.ts';
import { qemuInfo } from './info.ts';
import { findLabProcesses, type LabProcesses } from './lab-processes.ts';
import { Monitor } from './monitor.ts';
import { probeQemu } from './probe.ts';
import { findQemu, type QemuProgram } from './qemu-program.ts';
import { plugInto, startSwitch } from './switch.ts';
import { endAbandonedTemplates, ensureTemplate, type Template } from './template.ts';

/** The embedded provider: unprivileged QEMU processes, cloned from the memory of one template machine. */
export const qemuProvider: Provider = {
  ...qemuInfo,
  probe: probeQemu,

  async prepare(plan, emit) {
    await readyTemplate(plan, emit);
  },

  async up(plan, place, emit) {
    const { qemu, template } = await readyTemplate(plan, emit);
    await makePrivateFolder(place.runtime);
    await makePrivateFolder(join(place.folder, 'console'));
    await makeDisks(plan, place);
    const clones = clonesOf(plan, place, template, qemu);
    const running = await findLabProcesses(place);
    const kept = await keepWhatIsRight(plan, clones, running, qemu);
    await requireMemory((clones.length - kept.size) * leastMemory, `lab ${plan.lab}`);
    await startSwitches(plan, place, qemu, running);
    return mapParallel(clones, concurrency, (clone) => {
      return ensureMachine(clone, kept.get(clone.node.name), template, qemu, emit);
    });
  },

  async machines(plan, place) {
    const { machines } = await findLabProcesses(place);
    const running = plan.nodes.flatMap(({ name }) => {
      const found = machines.get(name);
      return found ? [{ name, effort: effortOf(found.pid) }] : [];
    });
    return Promise.all(
      running.map(async ({ name, effort }) => {
        const monitor = await Monitor.open(filesOf(place, name).monitor, name, { deadlineMs: askDeadlineMs, effort });
        try {
          return await machineOf(name, await monitor.sshPort(), effort);
        } finally {
          monitor.close();
        }
      }),
    );
  },

  async status(place) {
    const { machines } = await findLabProcesses(place);
    return Promise.all([...machines].map(([node, found]) => statusOf(place, node, found)));
  },

  async down(place, node) {
    const { all, machines } = await findLabProcesses(place);
    const machine = node && machines.get(node);
    if (node) return endProcesses(machine ? [machine] : []);
    await endProcesses(all);
    await removeDisks(place);
    await removeTree(place.runtime);
    await endAbandonedTemplates();
  },

  async reset(plan, place, node, emit) {
    const { qemu, template } = await readyTemplate(plan, emit);
    const clone = clonesOf(plan, place, template, qemu).find((candidate) => candidate.node.name === node);
    if (!clone) throw new ProviderError(`no node ${node} in lab ${plan.lab}`);
    await this.down(place, node);
    await removeDisk(plan, place, clone.node);
    await makeDisks(plan, place);
    return ensureMachine(clone, undefined, template, qemu, emit);
  },
};

/** MiB that a machine has of its own once it is set up, beside what it shares with its template; 121 on average. */
const leastMemory = 100;

/** Restoring a clone is work for a core; a few more than there are cores keep them busy while others wait. */
const concurrency = availableParallelism() * 2;

async function readyTemplate(plan: Plan, emit: Emit): Promise<{ qemu: QemuProgram; template: Template }> {
  const image = await ensureImage(plan, emit);
  const qemu = await findQemu();
  const { accelerator } = await chooseAccelerator(image, qemu, emit);
  try {
    return { qemu, template: await ensureTemplate({ accelerator, memory: plan.memory, image }, qemu, emit) };
  } catch (error) {
    if (error instanceof ProviderError) await blameDamage(image); // QEMU ended, or its guest did
    throw error;
  }
}

function clonesOf(plan: Plan, place: Place, template: Template, qemu: QemuProgram): Clone[] {
  const plugs = (node: PlannedNode) => node.nics.map((nic) => plugInto(place, nic.network, qemu));
  return plan.nodes.map((node, index) => cloneOf(node, index + 1, place, template, plugs(node), qemu));
}

/**
 * Ends every process of the lab that is not as the plan wants it: machines with another command line, machines whose
 * switch is gone (QEMU does not plug in again), and strangers. Returns those that stay, by node.
 */
async function keepWhatIsRight(
  plan: Plan,
  clones: readonly Clone[],
  running: LabProcesses,
  qemu: QemuProgram,
): Promise<Map<string, OwnProcess>> {
  const vde = plugKind(clones) === 'vde';
  const networkUp = (name: string) => !vde || running.switches.has(name);
  const kept = new Map<string, OwnProcess>();
  const right = new Set<OwnProcess>();
  for (const { node, args } of clones) {
    const found = running.machines.get(node.name);
    const same = found?.argv.join('\0') === [qemu.path, ...args].join('\0');
    if (found && same && node.nics.every((nic) => networkUp(nic.network))) {
      kept.set(node.name, found);
      right.add(found);
    }
  }
  for (const { name } of plan.networks) {
    const found = running.switches.get(name);
    if (found && vde) right.add(found);
  }
  await endProcesses(running.all.filter((one) => !right.has(one)));
  return kept;
}

function plugKind(clones: readonly Clone[]): 'vde' | 'other' {
  return clones.some(({ args }) => args.some((argument) => argument.startsWith('vde,'))) ? 'vde' : 'other';
}

async function startSwitches(plan: Plan, place: Place, qemu: QemuProgram, running: LabProcesses): Promise<void> {
  for (const { name } of plan.networks) {
    if (plugInto(place, name, qemu).kind !== 'vde' || running.switches.has(name)) continue;
    const program = await which('vde_switch');
    if (!program) throw new MissingPartError('vde_switch is not installed', { tryThis: 'lab doctor' });
    await startSwitch(place, name, program);
  }
}

/** A machine that was kept must answer; one that does not is started anew, like one that was not there. */
async function ensureMachine(
  clone: Clone,
  kept: OwnProcess | undefined,
  template: Template,
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
    emit({ type: 'warning', text: `${node} does not answer; starting it anew` });
    await endProcesses(await findProcesses(clone.monitor));
  }
  emit({ type: 'node', node, state: 'starting' });
  const machine = await startClone(clone, template, qemu);
  emit({ type: 'node', node, state: 'running', seconds: secondsSince(start) });
  return machine;
}

/** Milliseconds that QEMU or a kept machine may be idle before it must answer; a frozen machine never answers. */
const askDeadlineMs = 8000;

async function revisit(clone: Clone, { pid }: OwnProcess): Promise<Machine | undefined> {
  const listening = { deadlineMs: askDeadlineMs, effort: effortOf(pid) };
  let monitor: Monitor | undefined;
  try {
    monitor = await Monitor.open(clone.monitor, clone.node.name, listening);
    if ((await monitor.state()) !== 'running') return undefined;
    return await reach(clone, monitor, listening);
  } catch {
    return undefined;
  } finally {
    monitor?.close();
  }
}

async function statusOf(place: Place, node: string, found: OwnProcess): Promise<MachineStatus> {
  const memory = await privateMemory(found.pid);
  const base = { node, pid: found.pid, ...(memory !== undefined && { privateMemory: memory }) };
  let monitor: Monitor | undefined;
  try {
    monitor = await Monitor.open(join(place.runtime, `${node}.monitor`), node, {
      deadlineMs: 2000, // somebody waits, and "unknown" is an answer
      effort: effortOf(found.pid),
    });
    const [state, port] = [await monitor.state(), await monitor.sshPort()];
    return {
      ...base,
      state: state === 'running' ? 'running' : 'stopped',
      ...(port !== undefined && { sshHost: '127.0.0.1', sshPort: port }),
    };
  } catch {
    return { ...base, state: 'unknown' };
  } finally {
    monitor?.close();
  }
}
