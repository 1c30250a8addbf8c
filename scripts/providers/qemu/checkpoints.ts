import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { ProviderError } from '../../errors.ts';
import { makePrivateFolder, occupied } from '../../host/files.ts';
import { interruptible } from '../../host/interrupt.ts';
import { allOrNone, mapParallel } from '../../host/parallel.ts';
import type { Place } from '../../host/paths.ts';
import { type OwnProcess, privateMemory } from '../../host/processes.ts';
import { requireDisk, requireMemory } from '../../host/room.ts';
import type { Plan } from '../../plan/plan.ts';
import { labArgument } from '../../render/lab-argument.ts';
import type { Checkpointing, Machine } from '../provider.ts';
import { type Accelerator, kvmDevice, wishedAccelerator } from './accelerator.ts';
import {
  filesIn,
  keepImages,
  loadDisks,
  loadImages,
  roomForDisks,
  roomForImages,
  roomToLoad,
  saveDisks,
  savedFiles,
} from './checkpoint-files.ts';
import { machineOf, type Restored, restore } from './clone.ts';
import { goOn, isStopped, type Opened, openMonitor, thenGoOn } from './go-on.ts';
import { findLabProcesses, valueAfter } from './lab-processes.ts';
import { clonesFrom, writeLoaded } from './loaded.ts';
import { hardwareKey } from './machine-arguments.ts';
import { findQemu, unprivileged } from './qemu-program.ts';
import { leastMemory, startSwitches } from './running-machines.ts';
import { saveMachine } from './save-machine.ts';
import { makeSocketFolder, removeSocketFolder } from './socket-folder.ts';
import { cpuModel } from './template.ts';
import { wake } from './wake.ts';

/** Saving and restoring a machine keep a core busy, with pauses. */
const width = availableParallelism() * 2;

export const qemuCheckpoints: Checkpointing = {
  files: savedFiles,

  async roomToSave(plan, place, folder) {
    const machines = await allMachines(plan, place);
    return (await mostOf(machines)) + (await roomForImages(machines, folder)) + (await roomForDisks(plan, place));
  },

  async save(plan, place, folder, emit) {
    const qemu = await findQemu();
    const machines = await allMachines(plan, place);
    const accelerator = acceleratorOf(machines);
    const images = await keepImages(machines, folder);
    const sockets = await makeSocketFolder(place, { forNobody: unprivileged(qemu).length > 0 });
    try {
      await interruptible((over) => thenGoOn(place, emit, () => standStill(over)));
    } finally {
      await removeSocketFolder(place);
    }
    const cpu = accelerator === 'kvm' ? await cpuModel() : '';
    const { memory, instructionClock } = plan;
    const hardware = hardwareKey({ accelerator, memory, instructionClock });
    return { version: qemu.version, accelerator, cpu, hardware, machines: images };

    async function standStill(over: AbortSignal): Promise<void> {
      const opened: Opened[] = [];
      try {
        for (const [node, { pid }] of machines) opened.push(await openMonitor(place, node, pid));
        await mapParallel(opened, opened.length, ({ monitor }) => monitor.stop());
        const memories = opened.map((one) => (end: AbortSignal) => {
          return saveMachine(one, join(sockets, `${one.node}.saving`), plan.memory, filesIn(folder, one.node), end);
        });
        await allOrNone([(end) => saveDisks(plan, place, folder, end), ...memories], width, over);
      } finally {
        for (const { monitor } of opened) monitor.close();
      }
    }
  },

  async requireFit({ version, accelerator, cpu, hardware }, { memory, instructionClock }) {
    const qemu = await findQemu();
    const anew = { tryThis: 'lab run with the lab’s name, which makes it anew' };
    if (version !== qemu.version) {
      throw new ProviderError(`the checkpoint is from QEMU ${version}, and this is QEMU ${qemu.version}`, {
        cause: 'only the same version can be sure to read what QEMU has saved',
        ...anew,
      });
    }
    if (hardware !== hardwareKey({ accelerator: accelerator as Accelerator, memory, instructionClock })) {
      throw new ProviderError('the checkpoint is from machines of another version of lvs-lab', {
        cause: 'the machines of this version have other devices, which cannot read what was saved',
        ...anew,
      });
    }
    const wish = wishedAccelerator();
    if (wish && wish !== accelerator) {
      throw new ProviderError(`the checkpoint is from machines on ${accelerator}, and LAB_ACCEL is ${wish}`, {
        tryThis: 'unset LAB_ACCEL',
      });
    }
    if (accelerator !== 'kvm') return;
    const device = await kvmDevice();
    if (device !== 'usable') {
      throw new ProviderError(`the checkpoint is from machines on kvm, and here: ${device}`, anew);
    }
    if (cpu !== (await cpuModel())) {
      throw new ProviderError('the checkpoint is from a computer with another CPU', {
        cause: 'machines on kvm have the CPU of their computer',
        ...anew,
      });
    }
  },

  async requireRoom(plan, place, { folder, saved }) {
    const { machines } = await findLabProcesses(place);
    const theirs = await Promise.all([...machines.values()].map(({ pid }) => privateMemory(pid)));
    const freed = theirs.reduce<number>((sum, mib) => sum + (mib ?? 0), 0);
    await requireMemory(plan.nodes.length * leastMemory - freed, `lab ${plan.lab}`);
    const mib = await roomToLoad(plan, place, folder, saved);
    await requireDisk({ [dirname(dirname(place.folder))]: mib }, `lab ${plan.lab}`);
  },

  async load(plan, place, { folder, saved, explain }) {
    const qemu = await findQemu();
    await makePrivateFolder(place.runtime);
    await makePrivateFolder(join(place.folder, 'console'));
    await loadImages(place, folder, saved);
    await loadDisks(plan, place, folder);
    await startSwitches(plan, place, qemu, await findLabProcesses(place));
    const origin = {
      blame: explain,
      tryThis: `lab forget ${plan.lab} with this checkpoint, then lab run ${labArgument(plan)}`,
    };
    const restored: Restored[] = [];
    try {
      // All are there before the first goes on: a backup director, for example, would miss its master.
      await mapParallel(clonesFrom(plan, place, { folder, saved }, qemu), width, async (clone) => {
        restored.push(await restore(clone, qemu, origin));
      });
      await Promise.all(restored.map(({ monitor }) => monitor.resume()));
      const machines = await mapParallel(restored, width, (one) => wakeRestored(one, place));
      await writeLoaded(place, { folder, saved });
      return plan.nodes.flatMap(({ name }) => machines.find(({ node }) => node === name) ?? []);
    } finally {
      for (const { monitor } of restored) monitor.close();
    }
  },

  isStopped,
  goOn,
};

/** The machines of the plan. @throws ProviderError when not all of them run */
async function allMachines(plan: Plan, place: Place): Promise<Map<string, OwnProcess>> {
  const { machines } = await findLabProcesses(place);
  const found = new Map<string, OwnProcess>();
  for (const { name } of plan.nodes) {
    const machine = machines.get(name);
    if (!machine)
      throw new ProviderError('the machine does not run', { node: name, tryThis: `lab up ${labArgument(plan)}` });
    found.set(name, machine);
  }
  return found;
}

/** What all machines run on. LAB_ACCEL may have been another one when a single machine was reset. */
function acceleratorOf(machines: ReadonlyMap<string, OwnProcess>): Accelerator {
  const all = new Set([...machines.values()].map(({ argv }) => valueAfter(argv, '-accel')?.split(',')[0] ?? ''));
  const [accelerator = '', other] = all;
  if (other === undefined) return accelerator as Accelerator;
  throw new ProviderError(`some machines run on ${accelerator}, and some on ${other}`, {
    tryThis: 'lab reset with the lab’s name, which makes all alike',
  });
}

/** MiB that the memory of these machines takes on a disk at most: what they had at first, and what they have of their own. */
async function mostOf(machines: ReadonlyMap<string, OwnProcess>): Promise<number> {
  const each = await Promise.all(
    [...machines.values()].map(async ({ pid, argv }) => {
      const file = argv.flatMap((one) => /^memory-backend-file.*mem-path=(.*)$/.exec(one)?.[1] ?? [])[0] ?? '';
      const own = (await privateMemory(pid)) ?? 0;
      return own + Math.ceil((await occupied([file.replaceAll(',,', ',')])) / 2 ** 20);
    }),
  );
  return each.reduce((sum, mib) => sum + mib, 0);
}

async function wakeRestored({ clone, monitor, listening, explain }: Restored, place: Place): Promise<Machine> {
  const node = clone.node.name;
  try {
    await wake(place, node, listening);
    return await machineOf(node, await monitor.sshPort(), listening.effort);
  } catch (error) {
    return await explain(error);
  }
}
