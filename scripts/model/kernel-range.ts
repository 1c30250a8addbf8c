import { compareVersions, isOfSeries } from './kernels.ts';

/** Versions of the upstream kernel between which something is so. */
export interface KernelRange {
  /** The first that has it; every one without it. */
  from?: string | undefined;
  /**
   * The first of each series that does not have it any more. The greatest is that of the kernel’s main line: it counts for all that
   * come after it, the others for their own series alone.
   */
  mended?: readonly string[] | undefined;
}

/** Whether a version is in a range. */
export function isInRange(version: string, { from, mended = [] }: KernelRange): boolean {
  if (from !== undefined && compareVersions(version, from) < 0) return false;
  return !mended.some((one) => {
    const counts = isOfSeries(version, seriesOf(one)) || mended.every((other) => compareVersions(other, one) <= 0);
    return counts && compareVersions(version, one) >= 0;
  });
}

/** 6.12 of 6.12.104. */
function seriesOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
