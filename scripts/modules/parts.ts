import { catalogParts } from '../providers/kernels/parts.ts';
import type { Part } from '../providers/provider-info.ts';

/** What a module is built with on this computer. The compiler is in the build root. */
export const buildParts: readonly Part[] = [
  ...catalogParts,
  { part: 'dpkg-deb', package: 'dpkg', what: 'unpacks headers and a compiler' },
  { part: 'tar', package: 'tar', what: 'unpacks them' },
  { part: 'xz', package: 'xz-utils', what: 'unpacks the kernel’s source' },
  { part: 'unshare', package: 'util-linux', what: 'runs the compiler' },
];
