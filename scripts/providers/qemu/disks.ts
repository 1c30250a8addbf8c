import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makePrivateFolder, removeTree } from '../../host/files.ts';
import type { Place } from '../../host/paths.ts';
import type { Plan, PlannedNode } from '../../plan/plan.ts';
import { diskSize } from './machine-arguments.ts';

function disksFolder(place: Place): string {
  return join(place.folder, 'disks');
}

/** The file behind a node's disk, if it has one. */
export function diskFile(place: Place, { disk }: PlannedNode): string | undefined {
  return disk && join(disksFolder(place), `${disk}.raw`);
}

/** Makes the missing disks. They are sparse files, which take room only when they are written. */
export async function makeDisks({ nodes }: Plan, place: Place): Promise<void> {
  const files = new Set(nodes.flatMap((node) => diskFile(place, node) ?? []));
  for (const file of files) {
    await makePrivateFolder(dirname(file));
    const made = await open(file, 'a', 0o600);
    await made.truncate(diskSize * 2 ** 20);
    await made.close();
  }
}

/** Removes a node's disk, unless another node has it too. */
export async function removeDisk({ nodes }: Plan, place: Place, node: PlannedNode): Promise<void> {
  const file = diskFile(place, node);
  const shared = nodes.some(({ name, disk }) => name !== node.name && disk === node.disk);
  if (file && !shared) await removeTree(file);
}

export async function removeDisks(place: Place): Promise<void> {
  await removeTree(disksFolder(place));
}
