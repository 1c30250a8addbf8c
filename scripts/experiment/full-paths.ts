import { resolve } from 'node:path';
import type { LabMap } from './experiment.ts';

/** A lab of a file of its own, with full paths of kernels and modules: in the file they are relative to its folder. */
export function withFullPaths(lab: LabMap, folder: string): LabMap {
  const { kernel, kernels, modules } = lab;
  return {
    ...lab,
    ...(isMap(kernel) && { kernel: eachFull(kernel, folder) }),
    ...(isMap(kernels) && { kernels: eachMap(kernels, folder) }),
    ...(isMap(modules) && { modules: eachFull(modules, folder) }),
  };
}

/** A kernel that is a word stays one. */
function eachMap(maps: LabMap, folder: string): LabMap {
  return mapped(maps, (value) => (isMap(value) ? eachFull(value, folder) : value));
}

/** Every text of a map, or of the maps in it, is a path. */
function eachFull(paths: LabMap, folder: string): LabMap {
  return mapped(paths, (value) =>
    typeof value === 'string' ? resolve(folder, value) : isMap(value) ? eachFull(value, folder) : value,
  );
}

function mapped(map: LabMap, change: (value: unknown) => unknown): LabMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

function isMap(value: unknown): value is LabMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
