import { resolve } from 'node:path';

type TextMap = Record<string, unknown>;

/**
 * A lab, as its file has it or read already, with full paths of kernels and modules.
 * @param folder to which they are relative: that of the lab file
 */
export function withFullPaths<L extends { kernel?: unknown; kernels?: unknown; modules?: unknown }>(
  lab: L,
  folder: string,
): L {
  const { kernel, kernels, modules } = lab;
  return {
    ...lab,
    ...(isMap(kernel) && { kernel: eachFull(kernel, folder) }),
    ...(isMap(kernels) && { kernels: eachMap(kernels, folder) }),
    ...(isMap(modules) && { modules: eachFull(modules, folder) }),
  };
}

/** A kernel that is a word stays one. */
function eachMap(maps: TextMap, folder: string): TextMap {
  return mapped(maps, (value) => (isMap(value) ? eachFull(value, folder) : value));
}

/** Every text of a map, or of the maps in it, is a path. */
function eachFull(paths: TextMap, folder: string): TextMap {
  return mapped(paths, (value) =>
    typeof value === 'string' ? resolve(folder, value) : isMap(value) ? eachFull(value, folder) : value,
  );
}

function mapped(map: TextMap, change: (value: unknown) => unknown): TextMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

function isMap(value: unknown): value is TextMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
