import type { KernelWish } from '../model/kernels.ts';
import type { Plan, PlannedNetwork } from './plan.ts';

/** What a lab needs from its provider. */
export interface Requirements {
  /** Nodes with a disk beside the image. */
  disks: string[];
  /** The kernel of the lab, without a node; and of nodes that have another. */
  kernels: { node?: string; kernel: KernelWish }[];
  /** Nodes that load a module of one's own. */
  modules: string[];
  /** Its machines' clock counts instructions. */
  instructionClock: boolean;
  networks: PlannedNetwork[];
}

export function requirementsOf({ nodes, kernel, networks, instructionClock }: Plan): Requirements {
  return {
    disks: nodes.flatMap(({ name, disk }) => (disk ? name : [])),
    kernels: [{ kernel }, ...nodes.flatMap((node) => (node.kernel ? { node: node.name, kernel: node.kernel } : []))],
    modules: nodes.flatMap(({ name, module }) => (module ? name : [])),
    instructionClock: instructionClock ?? false,
    networks,
  };
}
