import { UsageError } from '../../errors.ts';
import { kernelSuites, wantedKernel } from '../../model/kernels.ts';
import type { Release } from '../../model/words.ts';
import { codenames } from '../image/recipe.ts';
import { sourceVersion } from './changelog.ts';
import { byVersion, type DebianKernel } from './debian-kernel.ts';
import { compareDebian } from './debian-version.ts';
import { type KnownKernels, noSuchKernel, resolveKernel } from './resolve.ts';

/** The builds of one version of the package, the best first: that for the lab's release, then those for newer releases. */
export type Builds = readonly [DebianKernel, ...DebianKernel[]];

/**
 * The kernels from one to another, both included, in the order from the first to the second, which may be the older one. Each version
 * of the package is there once; kernels in the cache count as well.
 * @throws UsageError for a word that means no kernel, and for two words that mean the same
 */
export function kernelsBetween(from: string, to: string, release: Release, known: KnownKernels): Builds[] {
  const [first, last] = [from, to].map((word) => {
    const found = resolveKernel(word, release, known);
    if (!found) throw noSuchKernel(word, known);
    return found;
  }) as [DebianKernel, DebianKernel];
  const direction = compare(first, last);
  if (direction === 0) throw new UsageError(`${from} and ${to} are the same kernel, ${first.name}`);
  const { flavour } = wantedKernel(from);
  const builds = new Map<string, DebianKernel[]>();
  for (const one of [...(known.catalog?.kernels ?? []), ...known.kept]) {
    const isOutside = compare(one, first) === direction || compare(last, one) === direction;
    if (one.flavour !== flavour || isOutside) continue;
    const version = sourceVersion(one.debian);
    const others = (builds.get(version) ?? []).filter(({ name }) => name !== one.name);
    builds.set(version, [...others, one]);
  }
  // The ends are those that were named, in whichever build that is.
  const named = new Set([first.name, last.name]);
  const rank = (one: DebianKernel) => (named.has(one.name) ? kernelSuites.length + 1 : nearness(one, release));
  const sorted = [...builds.values()]
    .map((some) => some.sort((one, other) => rank(other) - rank(one)) as [DebianKernel, ...DebianKernel[]])
    .sort(([one], [other]) => byVersion(one, other));
  return direction < 0 ? sorted : sorted.reverse();
}

/** By the version of the package that the build was made of. */
function compare(one: DebianKernel, other: DebianKernel): number {
  return Math.sign(compareDebian(sourceVersion(one.debian), sourceVersion(other.debian)));
}

/** How near a build is to a release: its own builds are nearest, and the archive keeps those for newer releases longer. */
function nearness({ suites }: DebianKernel, release: Release): number {
  if (suites.some((suite) => suite.startsWith(codenames[release]))) return kernelSuites.length;
  return Math.max(...suites.map((suite) => kernelSuites.indexOf(suite)));
}

/** Series like 6.12 that some kernels belong to, each once. */
export function seriesIn(kernels: readonly DebianKernel[]): string[] {
  return [...new Set(kernels.map(({ version }) => version.split('.').slice(0, 2).join('.')))];
}
