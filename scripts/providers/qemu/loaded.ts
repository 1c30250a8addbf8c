import { join } from 'node:path';
import type { Place } from '../../host/paths.ts';
import { readState, writeState } from '../../host/state-file.ts';
import { kernelWords, systemFor } from '../../model/kernels.ts';
import { kernelOf, type Plan } from '../../plan/plan.ts';
import { imageIn, layerFile } from '../image/image.ts';
import type { SavedMachines } from '../provider.ts';
import type { Accelerator } from './accelerator.ts';
import { filesIn, imagesOf } from './checkpoint-files.ts';
import { type Clone, cloneOf } from './clone.ts';
import type { QemuProgram } from './qemu-program.ts';
import { plugInto } from './switch.ts';

/** Which checkpoint the machines of a lab were loaded from: their command lines have its files. */
interface Loaded {
  folder: string;
  saved: SavedMachines;
}

function recordOf(place: Place): string {
  return join(place.folder, 'loaded.json');
}

export async function writeLoaded(place: Place, { folder, saved }: Loaded): Promise<void> {
  await writeState(recordOf(place), { folder, saved });
}

/** The machines of the plan as the last checkpoint has brought them back; none where no checkpoint has. */
export async function loadedClones(plan: Plan, place: Place, qemu: QemuProgram): Promise<Clone[]> {
  const loaded = await readState<Loaded>(recordOf(place));
  return loaded ? clonesFrom(plan, place, loaded, qemu) : [];
}

/** The machines of the plan as a checkpoint brings them back. */
export function clonesFrom(plan: Plan, place: Place, { folder, saved }: Loaded, qemu: QemuProgram): Clone[] {
  return plan.nodes.flatMap((node, index) => {
    const machine = saved.machines.find((one) => one.node === node.name);
    if (!machine) return [];
    const kernel = kernelOf(plan, node);
    const images = join(imagesOf(place), machine.image);
    const image = {
      ...imageIn(images, machine.image, systemFor({ ...plan, kernel })),
      ...(machine.layer && { layer: { name: kernelWords(kernel), folder: images, file: layerFile(images) } }),
    };
    const accelerator = saved.accelerator as Accelerator;
    const hardware = { accelerator, memory: plan.memory, instructionClock: plan.instructionClock, image };
    const plugs = node.nics.map((nic) => plugInto(place, nic.network, qemu));
    return [cloneOf(node, index + 1, place, { hardware, ...filesIn(folder, node.name) }, plugs, qemu)];
  });
}
