import { UsageError } from '../../errors.ts';
import { wantedKernel } from '../../model/kernels.ts';
import type { Release } from '../../model/words.ts';
import { codenames } from '../image/recipe.ts';
import { sourceVersion } from './changelog.ts';
import { byVersion, type DebianKernel } from './debian-kernel.ts';
import { compareDebian } from './debian-version.ts';
import { type KnownKernels, noSuchKernel, resolveKernel } from './resolve.ts';

/**
 * The kernels from one to another, both included, in the order from the first to the second, which may be the older one. Each version
 * of the package is there once, in the build for the release; kernels in the cache count as well.
 * @throws UsageError for a word that means no kernel, and for two words that mean the same
 */
export function kernelsBetween(from: string, to: string, release: Release, known: KnownKernels): DebianKernel[] {
  const [first, last] = [from, to].map((word) => {
    const found = resolveKernel(word, release, known);
    if (!found) throw noSuchKernel(word, known);
    return found;
  }) as [DebianKernel, DebianKernel];
  const direction = compare(first, last);
  if (direction === 0) throw new UsageError(`${from} and ${to} are the same kernel, ${first.name}`);
  const { flavour } = wantedKernel(from);
  const builds = new Map<string, DebianKernel>();
  for (const one of [...(known.catalog?.kernels ?? []), ...known.kept]) {
    const isOutside = compare(one, first) === direction || compare(last, one) === direction;
    if (one.flavour !== flavour || isOutside) continue;
    const other = builds.get(sourceVersion(one.debian));
    if (!other || isBetter(one, other, release)) builds.set(sourceVersion(one.debian), one);
  }
  // The ends are those that were named, in whichever build that is.
  for (const end of [first, last]) builds.set(sourceVersion(end.debian), end);
  const sorted = [...builds.values()].sort(byVersion);
  return direction < 0 ? sorted : sorted.reverse();
}

/** By the version of the package that the build was made of. */
function compare(one: DebianKernel, other: DebianKernel): number {
  return Math.sign(compareDebian(sourceVersion(one.debian), sourceVersion(other.debian)));
}

function isBetter(one: DebianKernel, other: DebianKernel, release: Release): boolean {
  const isHome = ({ suites }: DebianKernel) => suites.some((suite) => suite.startsWith(codenames[release]));
  return Number(isHome(one)) - Number(isHome(other)) > 0;
}

/** Series like 6.12 that some kernels belong to, each once. */
export function seriesIn(kernels: readonly DebianKernel[]): string[] {
  return [...new Set(kernels.map(({ version }) => version.split('.').slice(0, 2).join('.')))];
}
