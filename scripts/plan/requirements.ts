import type { Kernel } from '../model/words.ts';
import type { Plan, PlannedNetwork } from './plan.ts';

/** What a lab needs from its provider. */
export interface Requirements {
  /** Nodes with a disk beside the image. */
  disks: string[];
  kernel: Kernel;
  networks: PlannedNetwork[];
}

export function requirementsOf({ nodes, kernel, networks }: Plan): Requirements {
  return { disks: nodes.flatMap(({ name, disk }) => (disk ? name : [])), kernel, networks };
}
