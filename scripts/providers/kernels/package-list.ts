import type { KernelSuite } from '../../model/kernels.ts';
import type { Kernel } from '../../model/words.ts';
import { byVersion, type DebianKernel, type KernelPackage } from './debian-kernel.ts';
import { compareDebian } from './debian-version.ts';

/** What lists of packages say of kernels. */
export interface ListedKernels {
  kernels: DebianKernel[];
  /** Kernels of which the archive lists only a part: it drops modules sooner than what was signed. */
  incomplete: { name: string; version: string; flavour: Kernel; lacks: string }[];
  /** The kernel that each suite gives to those who install its metapackage, linux-image-cloud-amd64. */
  newest: { suite: KernelSuite; flavour: Kernel; name: string; debian: string }[];
}

/**
 * Paragraphs of the packages that kernels consist of: one has all until 6.17; later `base` has the list of what is built in, and from
 * 6.19 on `binary` and `modules` have the rest.
 */
const paragraph =
  /(?:^|\n)Package: (linux-(?:image|binary|modules|base)-(?:\d\S*-|cloud-)?amd64)\n([\s\S]*?)(?=\n\n|\n*$)/g;

/**
 * The kernels in a list of packages (deb822(5), as the archive's Packages files are), without debugging symbols, real-time and
 * unsigned ones.
 * @param uri of the archive, to which the names of files are relative
 */
export function kernelsIn(list: string, suite: KernelSuite, uri: string): ListedKernels {
  const packages = [...list.matchAll(paragraph)].map(([, name = '', fields = '']) => packageOf(name, fields, uri));
  const found: ListedKernels = { kernels: [], incomplete: [], newest: [] };
  for (const image of packages) {
    const [, meta] = /^linux-image-(cloud-)?amd64$/.exec(image.name) ?? [];
    const [, follows] = /linux-image-(\S+) \(= /.exec(image.depends) ?? [];
    if (/^linux-image-(cloud-)?amd64$/.test(image.name) && follows) {
      found.newest.push({ suite, flavour: meta ? 'cloud' : 'generic', name: follows, debian: image.version });
    }
    const [, name = '', cloud] = /^linux-image-(\d+\.\d+\.\d+\S*?(-cloud)?-amd64)$/.exec(image.name) ?? [];
    const version = /^\d+(\.\d+)+/.exec(image.version)?.[0];
    if (!name || !version || name.includes('-rt-')) continue;
    const flavour = cloud ? 'cloud' : 'generic';
    const { parts, lacks } = partsOf(image, name, packages);
    if (lacks) found.incomplete.push({ name, version, flavour, lacks });
    else found.kernels.push({ name, version, debian: image.version, flavour, suites: [suite], packages: parts });
  }
  return found;
}

type Listed = KernelPackage & { version: string; depends: string };

function packageOf(name: string, text: string, uri: string): Listed {
  const field = (key: string) => new RegExp(`^${key}: (.*)`, 'm').exec(text)?.[1] ?? '';
  return {
    name,
    uri: `${uri}/${field('Filename')}`,
    size: Number(field('Size')),
    sha256: field('SHA256'),
    version: field('Version'),
    depends: field('Depends'),
  };
}

/** The packages with the files of a kernel, and the first that the list lacks. It can do without `base`. */
function partsOf(image: Listed, kernel: string, all: readonly Listed[]): { parts: KernelPackage[]; lacks?: string } {
  const needed = [...image.depends.matchAll(/(linux-(?:binary|modules|base)-\S+) \(= ([^)]+)\)/g)]
    .filter(([, name = '']) => name.endsWith(`-${kernel}`))
    .map(([, name = '', version]) => ({
      name,
      found: all.find((one) => one.name === name && one.version === version),
    }));
  const lacks = needed.find(({ name, found }) => !found && !name.startsWith('linux-base-'))?.name;
  const parts = [image, ...needed.flatMap(({ found }) => found ?? [])];
  return {
    parts: parts.map(({ name, uri, size, sha256 }) => ({ name, uri, size, sha256 })),
    ...(lacks && { lacks }),
  };
}

/** Several lists as one: each kernel once with all its suites, the oldest first. */
export function joined(lists: readonly ListedKernels[]): ListedKernels {
  const kernels = new Map<string, DebianKernel>();
  for (const kernel of lists.flatMap((list) => list.kernels)) {
    const key = `${kernel.name} ${kernel.debian}`;
    const suites = new Set([...(kernels.get(key)?.suites ?? []), ...kernel.suites]);
    kernels.set(key, { ...kernel, suites: [...suites] });
  }
  const newest = new Map<string, ListedKernels['newest'][number]>();
  for (const one of lists.flatMap((list) => list.newest)) {
    const key = `${one.suite} ${one.flavour}`;
    const known = newest.get(key);
    if (!known || compareDebian(known.debian, one.debian) < 0) newest.set(key, one);
  }
  const incomplete = new Map(lists.flatMap((list) => list.incomplete).map((one) => [one.name, one]));
  return {
    kernels: [...kernels.values()].sort(byVersion),
    incomplete: [...incomplete.values()],
    newest: [...newest.values()],
  };
}
