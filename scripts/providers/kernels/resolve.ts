import { UsageError } from '../../errors.ts';
import { compareVersions, isOfSeries, kernelSuites, type WantedKernel, wantedKernel } from '../../model/kernels.ts';
import type { Release } from '../../model/words.ts';
import { codenames } from '../image/recipe.ts';
import { byVersion, type DebianKernel } from './debian-kernel.ts';
import type { ListedKernels } from './package-list.ts';

/** The kernels that can be had, of Debian's archive and in the cache. */
export interface KnownKernels {
  /** The archive as it was read; undefined if it never was. */
  catalog: (ListedKernels & { updated: string; missing: string[] }) | undefined;
  /** Kernels of the archive that are in the cache, also those that the archive has dropped. */
  kept: readonly DebianKernel[];
}

/** The kernel that a word means, among all that are known; undefined where none of them is it. */
export function resolveKernel(word: string, release: Release, known: KnownKernels): DebianKernel | undefined {
  const wanted = wantedKernel(word);
  const all = [...(known.catalog?.kernels ?? []), ...known.kept].filter(({ flavour }) => flavour === wanted.flavour);
  return all
    .filter((kernel) => fits(kernel, wanted, known))
    .sort((one, other) => rank(one, other, release))
    .at(-1);
}

function fits(kernel: DebianKernel, wanted: WantedKernel, { catalog }: KnownKernels): boolean {
  switch (wanted.by) {
    case 'release':
      return false; // the guest image has it
    case 'name':
      return kernel.name === wanted.name;
    case 'version':
      return isOfSeries(kernel.version, wanted.version);
    case 'suite': {
      const newest = catalog?.newest.find(({ suite, flavour }) => {
        return suite === wanted.suite && flavour === wanted.flavour;
      });
      return newest?.name === kernel.name && newest.debian === kernel.debian;
    }
  }
}

/** The better one comes last: the later version; of one version the build for the lab's release, then the later build. */
function rank(one: DebianKernel, other: DebianKernel, release: Release): number {
  const isHome = ({ suites }: DebianKernel) => suites.some((suite) => suite.startsWith(codenames[release]));
  return (
    compareVersions(one.version, other.version) || Number(isHome(one)) - Number(isHome(other)) || byVersion(one, other)
  );
}

/** What to tell who wants a kernel that nobody has: what is near, and where it was looked for. */
export function noSuchKernel(word: string, { catalog, kept }: KnownKernels): UsageError {
  const wanted = wantedKernel(word);
  const { flavour } = wanted;
  const version =
    wanted.by === 'version' ? wanted.version : wanted.by === 'name' ? /^[\d.]+/.exec(wanted.name)?.[0] : '';
  const partly = catalog?.incomplete.find((one) => {
    return one.flavour === flavour && (one.name === word || isOfSeries(one.version, version || '-'));
  });
  const others = [...(catalog?.kernels ?? []), ...kept].filter((one) => one.flavour === flavour).sort(byVersion);
  const before = others.filter((one) => compareVersions(one.version, version || '0') < 0).at(-1);
  const after = others.find((one) => compareVersions(one.version, version || '0') > 0);
  const near = [before, after].flatMap((one) => one?.version ?? []);
  const suites = kernelSuites.filter((suite) => !catalog?.missing.includes(suite));
  const where = catalog
    ? `looked for in Debian’s ${suites.join(', ')}, as of ${catalog.updated.slice(0, 10)}, and in the cache`
    : 'looked for in the cache; Debian’s archive was never read';
  const dropped = partly && `Debian’s archive has dropped ${partly.lacks}, a part of it`;
  return new UsageError(`there is no kernel ${word}`, {
    cause: [dropped, where].filter(Boolean).join('; '),
    tryThis:
      version && near.length > 0
        ? `${near.join(' or ')}, which are near; lab kernels lists all of them`
        : 'lab kernels, which lists all of them',
  });
}
