import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ProviderError } from '../../errors.ts';
import { effortOf } from '../../host/effort.ts';
import { makePrivateFolder, removeTree } from '../../host/files.ts';
import { mapParallel } from '../../host/parallel.ts';
import type { Place } from '../../host/paths.ts';
import { endProcesses } from '../../host/processes.ts';
import { requireMemory } from '../../host/room.ts';
import { isOwn, systemFor } from '../../model/kernels.ts';
import { kernelOf, type Plan, type PlannedNode } from '../../plan/plan.ts';
import type { Emit } from '../../report/events.ts';
import { imageWith } from '../image/ensure-image.ts';
import { ensureKernel } from '../kernels/ensure-kernel.ts';
import { imageWithKernel, kernelNameOf } from '../kernels/kernel-image.ts';
import { doesNotLoad, isModuleScript, moduleScript } from '../kernels/own-module.ts';
import type { Machine, Provider } from '../provider.ts';
import { chooseAccelerator, emulation } from './accelerator.ts';
import { causeOnConsole } from './boot-failure.ts';
import { qemuCapture } from './capture.ts';
import { removeImages } from './checkpoint-files.ts';
import { qemuCheckpoints } from './checkpoints.ts';
import { type Clone, cloneOf, filesOf, machineOf, type Origin, shownOn } from './clone.ts';
import { blameDamage } from './damage.ts';
import { makeDisks, removeDisk, removeDisks } from './disks.ts';
import { endAbandonedTemplates, ensureTemplate } from './ensure-template.ts';
import { askDeadlineMs, noteAwake, standsStill } from './go-on.ts';
import { qemuInfo } from './info.ts';
import { findLabProcesses, type LabProcesses } from './lab-processes.ts';
import { mendLines, qemuLines } from './lines.ts';
import { loadedClones } from './loaded.ts';
import { Monitor } from './monitor.ts';
import { endAbandonedCapture, removeCaptured } from './pdump.ts';
import { probeQemu } from './probe.ts';
import { findQemu, type QemuProgram } from './qemu-program.ts';
import {
  allAsLoaded,
  ensureMachine,
  keepAsLoaded,
  keepWhatIsRight,
  leastMemory,
  startSwitches,
  statusOf,
} from './running-machines.ts';
import { removeSocketFolder } from './socket-folder.ts';
import { plugInto } from './switch.ts';
import { plainTemplate, type RoleScript, scriptNamed, type Template, templateOfRole } from './template.ts';

/** The embedded provider: unprivileged QEMU processes, cloned from the memory of one template machine. */
export const qemuProvider: Provider = {
  ...qemuInfo,
  probe: probeQemu,
  checkpoints: qemuCheckpoints,
  lines: qemuLines,
  capture: qemuCapture,

  async prepare(plan, emit, place) {
    if (place) {
      const qemu = await findQemu();
      const loaded = await loadedClones(plan, place, qemu);
      if (allAsLoaded(plan, loaded, await findLabProcesses(place), qemu)) return;
    }
    await readyTemplates(plan, emit);
  },

  async up(plan, place, emit) {
    await makePrivateFolder(place.runtime);
    await makePrivateFolder(join(place.folder, 'console'));
    const running = await mendLines(place);
    await endAbandonedCapture(place);
    const present = { running, loaded: await loadedClones(plan, place, await findQemu()) };
    const kept = await keptMachines(plan, place, present, emit);
    const machines = kept ?? (await startMissing(plan, place, present, emit));
    await noteAwake(place);
    return machines;
  },

  async machines(plan, place) {
    await endAbandonedCapture(place);
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
          return standsStill(await monitor.state()) ? { ...machine, still: true } : machine;
        } finally {
          monitor.close();
        }
      }),
    );
  },

  async status(place) {
    await endAbandonedCapture(place);
    const { machines } = await findLabProcesses(place);
    return Promise.all([...machines].map(([node, found]) => statusOf(place, node, found)));
  },

  async whyEnded(place, node) {
    return causeOnConsole(await shownOn(filesOf(place, node).console));
  },

  async down(place, node) {
    const { all, machines } = await findLabProcesses(place);
    const machine = node && machines.get(node);
    if (node) return endProcesses(machine ? [machine] : []);
    await endProcesses(all);
    await removeDisks(place);
    await removeImages(place);
    await removeSocketFolder(place);
    await removeCaptured(place);
    await removeTree(place.runtime);
    await endAbandonedTemplates();
  },

  async reset(plan, place, node, emit) {
    const { qemu, templates } = await readyTemplates(plan, emit);
    const planned = clonesOf(plan, place, templates, qemu).find(({ clone }) => clone.node.name === node);
    if (!planned) throw new ProviderError(`no node ${node} in lab ${plan.lab}`);
    await mendLines(place, node);
    await this.down(place, node);
    const { clone, template } = planned;
    await removeDisk(plan, place, clone.node);
    await makeDisks(plan, place);
    return ensureMachine(clone, undefined, originOf(template), qemu, emit);
  },
};

interface Present {
  /** The machines as the last checkpoint has brought them back, if one has. */
  loaded: readonly Clone[];
  running: LabProcesses;
}

/** The machines of a lab that was loaded, if all of them can stay; else undefined. */
async function keptMachines(
  plan: Plan,
  place: Place,
  { loaded, running }: Present,
  emit: Emit,
): Promise<Machine[] | undefined> {
  const qemu = await findQemu();
  if (!allAsLoaded(plan, loaded, running, qemu)) return undefined;
  await startSwitches(plan, place, qemu, running);
  return keepAsLoaded(plan, loaded, running, qemu, emit);
}

/** Clones each machine that is missing or not as planned, and ends what is not. */
async function startMissing(plan: Plan, place: Place, { loaded, running }: Present, emit: Emit): Promise<Machine[]> {
  const { qemu, templates } = await readyTemplates(plan, emit);
  await makeDisks(plan, place);
  const planned = clonesOf(plan, place, templates, qemu);
  const clones = planned.map(({ clone }) => clone);
  const kept = await keepWhatIsRight(plan, clones, loaded, running, qemu);
  await requireMemory((clones.length - kept.size) * leastMemory, `lab ${plan.lab}`);
  await startSwitches(plan, place, qemu, running);
  return mapParallel(planned, concurrency, ({ clone, template }) => {
    return ensureMachine(clone, kept.get(clone.node.name), originOf(template), qemu, emit);
  });
}

/** Restoring a clone keeps a core busy, with pauses; a few more clones than cores keep all cores busy. */
const concurrency = availableParallelism() * 2;

/** The templates of the plan's nodes, in their order, all of them made. */
async function readyTemplates(plan: Plan, emit: Emit): Promise<{ qemu: QemuProgram; templates: Template[] }> {
  const qemu = await findQemu();
  const bases = await plainTemplates(plan, qemu, emit);
  const scripts = await roleScripts(plan);
  const modules = await moduleScripts(plan, bases);
  const templates = plan.nodes.map(({ name, warm }, at) => {
    const ofRole = warm.flatMap((one) => scripts.get(one) ?? []);
    return templateOfRole(bases[at] as Template, ofRole, modules.get(name));
  });
  for (const [at, template] of templates.entries()) {
    try {
      await ensureTemplate(template, qemu, emit);
    } catch (error) {
      const base = bases[at] as Template;
      const { module } = plan.nodes[at] as PlannedNode;
      if (module && isModuleScript(error)) throw doesNotLoad(module, await kernelNameOf(base.hardware.image), error);
      if (error instanceof ProviderError) await blameDamage(base.hardware.image, base); // QEMU or its guest has ended
      throw error;
    }
  }
  return { qemu, templates };
}

/** The plain templates of the plan's nodes, in their order, whether they are made or not: nodes with one kernel have the same. */
async function plainTemplates(plan: Plan, qemu: QemuProgram, emit: Emit): Promise<Template[]> {
  const known = new Map<string, Template>();
  const templates: Template[] = [];
  for (const node of plan.nodes) {
    const kernel = kernelOf(plan, node);
    const words = JSON.stringify(kernel);
    let template = known.get(words);
    if (!template) {
      const own = await imageWith(plan.packages, systemFor({ ...plan, kernel }), emit);
      const image = isOwn(kernel) ? own : await imageWithKernel(own, await ensureKernel(kernel, plan.release, emit));
      const { memory, instructionClock } = plan;
      const { accelerator } = instructionClock ? emulation : await chooseAccelerator(image, qemu, emit);
      template = await plainTemplate({ accelerator, memory, instructionClock, image }, qemu);
      known.set(words, template);
    }
    templates.push(template);
  }
  return templates;
}

/** What puts modules of one's own into nodes that have some, by the node's name. @throws UsageError for those of another kernel */
async function moduleScripts({ nodes }: Plan, bases: readonly Template[]): Promise<Map<string, RoleScript>> {
  const scripts = new Map<string, RoleScript>();
  for (const [at, { name, module }] of nodes.entries()) {
    if (!module) continue;
    const kernel = await kernelNameOf((bases[at] as Template).hardware.image);
    scripts.set(name, await moduleScript(module, { node: name, kernel }));
  }
  return scripts;
}

/** The scripts of all roles in the plan, by name. */
async function roleScripts({ nodes }: Plan): Promise<Map<string, RoleScript>> {
  const names = [...new Set(nodes.flatMap(({ warm }) => warm))];
  return new Map((await Promise.all(names.map(scriptNamed))).map((script) => [script.name, script]));
}

function originOf(template: Template): Origin {
  return {
    blame: () => blameDamage(template.hardware.image, template),
    tryThis: 'lab image prune --all, then the same command, which builds image and template again',
  };
}

/** The machines of the plan, each with the template that it is cloned from. */
function clonesOf(
  plan: Plan,
  place: Place,
  templates: readonly Template[],
  qemu: QemuProgram,
): { clone: Clone; template: Template }[] {
  return plan.nodes.flatMap((node, index) => {
    const template = templates[index];
    const plugs = node.nics.map((nic) => plugInto(place, nic.network, qemu));
    return template ? [{ template, clone: cloneOf(node, index + 1, place, template, plugs, qemu) }] : [];
  });
}
