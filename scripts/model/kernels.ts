import type { GuestSystem } from './lab.ts';
import { type Kernel, kernels, type Release } from './words.ts';

/** Suites of Debian's archive that have kernels. A release's word includes its security updates. */
export const kernelSuites = [
  'bullseye',
  'bookworm',
  'bookworm-backports',
  'trixie',
  'trixie-backports',
  'sid',
] as const;
export type KernelSuite = (typeof kernelSuites)[number];

/** A kernel of one's own: what `make` and `make modules_install` leave. Paths are relative to the lab file's folder. */
export interface KernelFiles {
  /** arch/x86/boot/bzImage. */
  image: string;
  /** INSTALL_MOD_PATH, or its lib/modules/VERSION. */
  modules: string;
}

/** The kernel that a lab file wants: a word that `readKernel` understands, or files. */
export type KernelWish = string | KernelFiles;

/** Kernels that the command line chooses instead of the lab file. */
export interface ChosenKernels {
  /** For all machines, also those that have another in the file. */
  all?: KernelWish;
  nodes: Record<string, KernelWish>;
}

/** What a word for a kernel means. `flavour` is Debian's: cloud is small, generic has all modules. */
export type WantedKernel = { flavour: Kernel } & (
  | { by: 'release' }
  /** 6.12.94, or the newest of a series: 6.12, 6. */
  | { by: 'version'; version: string }
  | { by: 'suite'; suite: KernelSuite }
  /** As uname -r prints it: 6.12.94+deb13-cloud-amd64. */
  | { by: 'name'; name: string }
);

/** Understands `cloud`, `generic`, `6.12.94`, `6.12`, `sid`, each with `-generic`, and what uname -r prints; else undefined. */
export function readKernel(word: string): WantedKernel | undefined {
  const own = kernels.find((one) => one === word);
  if (own) return { by: 'release', flavour: own };
  if (/^\d+\.\d+\.\d+[\w.+~-]*-amd64$/.test(word)) {
    return { by: 'name', name: word, flavour: word.endsWith('-cloud-amd64') ? 'cloud' : 'generic' };
  }
  const [, base = '', generic] = /^(.*?)(-generic)?$/.exec(word) ?? [];
  const flavour = generic ? 'generic' : 'cloud';
  const suite = kernelSuites.find((one) => one === base);
  if (suite) return { by: 'suite', suite, flavour };
  return /^\d{1,4}(\.\d{1,4}){0,2}$/.test(base) ? { by: 'version', version: base, flavour } : undefined;
}

/** @throws Error for a word that the schema refuses */
export function wantedKernel(word: string): WantedKernel {
  const wanted = readKernel(word);
  if (!wanted) throw new Error(`${word} is no kernel`);
  return wanted;
}

/** Which of the release's guest images goes with a kernel: packages like ocfs2-tools are only in the generic one. */
export function flavourOf(wish: KernelWish): Kernel {
  return typeof wish === 'string' ? wantedKernel(wish).flavour : 'cloud';
}

/** The system of a guest image that a kernel goes with. */
export function systemFor({ release, kernel }: { release: Release; kernel: KernelWish }): GuestSystem {
  return { release, kernel: flavourOf(kernel) };
}

/** Whether a kernel is the one that the guest image of a release has. */
export function isOwn(wish: KernelWish): boolean {
  return typeof wish === 'string' && wantedKernel(wish).by === 'release';
}

/** A kernel in a few words. */
export function kernelWords(wish: KernelWish): string {
  return typeof wish === 'string' ? wish : wish.image;
}

export function sameKernel(one: KernelWish, other: KernelWish): boolean {
  return typeof one === 'string' || typeof other === 'string'
    ? one === other
    : one.image === other.image && one.modules === other.modules;
}

const releaseSeries: Record<Release, string> = { 12: '6.1', 13: '6.12' };

/** The version of a kernel as far as it is known before anything is downloaded: its series at least; else undefined. */
export function knownVersion(wish: KernelWish, release: Release): string | undefined {
  if (typeof wish !== 'string') return undefined;
  const wanted = wantedKernel(wish);
  if (wanted.by === 'release') return releaseSeries[release];
  if (wanted.by === 'name') return /^[\d.]+/.exec(wanted.name)?.[0];
  return wanted.by === 'version' && wanted.version.includes('.') ? wanted.version : undefined;
}

/** Compares versions number by number: 6.12.94 is after 6.9. A missing number counts as 0. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version belongs to a series: 6.12.94 to 6.12, to 6 and to itself, but not to 6.1. */
export function isOfSeries(version: string, series: string): boolean {
  return `${version}.`.startsWith(`${series}.`);
}
