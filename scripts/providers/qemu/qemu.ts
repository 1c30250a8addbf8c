import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ProviderError } from '../../errors.ts';
import { effortOf } from '../../host/effort.ts';
import { makePrivateFolder, removeTree } from '../../host/files.ts';
import { mapParallel } from '../../host/parallel.ts';
import type { Place } from '../../host/paths.ts';
import { endProcesses } from '../../host/processes.ts';
import { requireMemory } from '../../host/room.ts';
import type { Plan, PlannedNode } from '../../plan/plan.ts';
import type { Emit } from '../../report/events.ts';
import { ensureImage } from '../image/ensure-image.ts';
import type { Provider } from '../provider.ts';
import { chooseAccelerator } from './accelerator.ts';
import { removeImages } from './checkpoint-files.ts';
import { qemuCheckpoints } from './checkpoints.ts';
import { type Clone, cloneOf, filesOf, machineOf, type Origin } from './clone.ts';
import { blameDamage } from './damage.ts';
import { makeDisks, removeDisk, removeDisks } from './disks.ts';
import { endAbandonedTemplates, ensureTemplate } from './ensure-template.ts';
import { qemuInfo } from './info.ts';
import { findLabProcesses } from './lab-processes.ts';
import { loadedClones } from './loaded.ts';
import { removeMeetingFolder } from './meeting-folder.ts';
import { Monitor } from './monitor.ts';
import { probeQemu } from './probe.ts';
import { findQemu, type QemuProgram } from './qemu-program.ts';
import {
  askDeadlineMs,
  ensureMachine,
  keepWhatIsRight,
  leastMemory,
  startSwitches,
  statusOf,
} from './running-machines.ts';
import { plugInto } from './switch.ts';
import type { Template } from './template.ts';

/** The embedded provider: unprivileged QEMU processes, cloned from the memory of one template machine. */
export const qemuProvider: Provider = {
  ...qemuInfo,
  probe: probeQemu,
  checkpoints: qemuCheckpoints,

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
    const kept = await keepWhatIsRight(plan, clones, await loadedClones(plan, place, qemu), running, qemu);
    await requireMemory((clones.length - kept.size) * leastMemory, `lab ${plan.lab}`);
    await startSwitches(plan, place, qemu, running);
    return mapParallel(clones, concurrency, (clone) => {
      return ensureMachine(clone, kept.get(clone.node.name), originOf(template), qemu, emit);
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
          const machine = await machineOf(name, await monitor.sshPort(), effort);
          return (await monitor.state()) === 'running' ? machine : { ...machine, still: true };
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
    await removeImages(place);
    await removeMeetingFolder(place);
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
    return ensureMachine(clone, undefined, originOf(template), qemu, emit);
  },
};

/** Restoring a clone keeps a core busy, with pauses; a few more clones than cores keep all cores busy. */
const concurrency = availableParallelism() * 2;

async function readyTemplate(plan: Plan, emit: Emit): Promise<{ qemu: QemuProgram; template: Template }> {
  const image = await ensureImage(plan, emit);
  const qemu = await findQemu();
  const { accelerator } = await chooseAccelerator(image, qemu, emit);
  try {
    return { qemu, template: await ensureTemplate({ accelerator, memory: plan.memory, image }, qemu, emit) };
  } catch (error) {
    if (error instanceof ProviderError) await blameDamage(image); // QEMU or its guest has ended
    throw error;
  }
}

function originOf(template: Template): Origin {
  return {
    blame: () => blameDamage(template.hardware.image, template),
    tryThis: 'lab image prune --all, then the same command, which builds image and template again',
  };
}

function clonesOf(plan: Plan, place: Place, template: Template, qemu: QemuProgram): Clone[] {
  const plugs = (node: PlannedNode) => node.nics.map((nic) => plugInto(place, nic.network, qemu));
  return plan.nodes.map((node, index) => cloneOf(node, index + 1, place, template, plugs(node), qemu));
}
