/**
 * What the initrd needs of a kernel: disks, the read-only image and the layer above it, and NICs. Without one of `needed` no machine
 * comes up.
 */
export const drivers = {
  needed: ['virtio_pci', 'virtio_blk', 'virtio_net', 'virtio_console', 'erofs', 'overlay'],
  /** Good to have: random numbers of its own for each clone. */
  useful: ['vmgenid'],
} as const;

/**
 * The files of modules in the order in which they must be loaded, each once.
 * @param shown what `modprobe --show-depends` prints of each module: `insmod FILE`, or `builtin NAME`
 */
export function loadOrder(shown: readonly string[]): string[] {
  const files = shown.flatMap((text) => text.split('\n')).flatMap((line) => /^insmod (\S+)/.exec(line)?.[1] ?? []);
  return [...new Set(files)];
}

/** virtio_blk of a path /…/virtio_blk.ko.xz. */
export function moduleName(file: string): string {
  return (/([^/]+)\.ko(\.\w+)?$/.exec(file)?.[1] ?? file).replaceAll('-', '_');
}
