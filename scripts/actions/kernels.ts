import { ExitCode } from '../errors.ts';
import { compareVersions } from '../model/kernels.ts';
import type { Kernel } from '../model/words.ts';
import { readCatalog, updateCatalog } from '../providers/kernels/catalog.ts';
import { byVersion, type DebianKernel } from '../providers/kernels/debian-kernel.ts';
import { catalogParts } from '../providers/kernels/parts.ts';
import { type KernelImprint, keptKernels } from '../providers/kernels/stored-kernel.ts';
import { asTyped } from '../report/as-typed.ts';
import { columns } from '../report/columns.ts';
import { print, printJson, screenWidth } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { wrapLines } from '../report/wrap.ts';
import type { Globals } from './globals.ts';
import { mib } from './mib.ts';

/** A row of the list. */
export interface KnownKernel {
  name: string;
  version: string;
  flavour: Kernel | 'own';
  /** Words of Debian's suites that have it; none where the archive has dropped it, and for files of one's own. */
  suites: string[];
  /** Bytes to download. */
  download: number | null;
  /** Bytes in the cache, where it is there. */
  kept: number | null;
}

/** lab kernels: what can be had, and what is kept. */
export async function kernels(options: { update: boolean; all: boolean }, globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const known = await readCatalog();
  if (!known || options.update) {
    const { prepareHost } = await import('./bring-up.ts');
    await prepareHost(catalogParts, false, screen.emit);
  }
  const catalog = known && !options.update ? known : await updateCatalog(screen.emit).finally(() => screen.clear());
  const rows = knownKernels(catalog.kernels, await keptKernels()).filter(
    ({ flavour, kept }) => options.all || globals.json || flavour !== 'generic' || kept !== null,
  );
  const { updated, missing, incomplete } = catalog;
  if (globals.json) {
    const newest = catalog.newest.map(({ suite, flavour, name }) => ({ suite, flavour, name }));
    printJson({ schema: 'lvs-lab/kernels/1', updated, missing, incomplete, newest, kernels: rows });
  } else print(kernelsText(rows, catalog));
  return ExitCode.ok;
}

/** Kernels of the archive, and those in the cache, each once; the oldest first. */
export function knownKernels(archive: readonly DebianKernel[], kept: readonly KernelImprint[]): KnownKernel[] {
  const keptOf = ({ name, debian }: DebianKernel) =>
    kept.find((one) => one.debian?.name === name && one.debian.debian === debian);
  const sizeOf = ({ sizes }: KernelImprint) => sizes.reduce((sum, size) => sum + size, 0);
  const listed = new Set(archive.map(keptOf));
  const dropped = kept.filter((one) => !listed.has(one));
  const all = [
    ...archive.map((kernel) => ({ kernel, imprint: keptOf(kernel), there: true })),
    ...dropped.flatMap((imprint) => (imprint.debian ? [{ kernel: imprint.debian, imprint, there: false }] : [])),
  ].sort((one, other) => byVersion(one.kernel, other.kernel));
  return [
    ...all.map(({ kernel, imprint, there }) => ({
      name: kernel.name,
      version: kernel.version,
      flavour: kernel.flavour,
      suites: there ? kernel.suites : [],
      download: there ? kernel.packages.reduce((sum, { size }) => sum + size, 0) : null,
      kept: imprint ? sizeOf(imprint) : null,
    })),
    ...dropped
      .filter(({ debian }) => !debian)
      .map((one) => ({
        name: one.name,
        version: one.version,
        flavour: 'own' as const,
        suites: [],
        download: null,
        kept: sizeOf(one),
      })),
  ];
}

/** A table for people. */
export function kernelsText(
  rows: readonly KnownKernel[],
  {
    updated,
    missing,
    incomplete,
  }: { updated: string; missing: readonly string[]; incomplete: readonly { version: string }[] },
): string {
  const table = rows.map(({ name, version, suites, download, kept, flavour }) => [
    version,
    name,
    suites.join(', ') || (flavour === 'own' ? 'your own' : 'dropped by the archive'),
    download === null ? '' : mib(download),
    kept === null ? '' : 'kept',
  ]);
  const partly = [...new Set(incomplete.map(({ version }) => version))].sort(compareVersions);
  const notes = [
    asTyped(`Debian’s archive as of ${updated.slice(0, 10)}; lab kernels --update reads it again.`),
    ...(missing.length > 0 ? [`It has no ${missing.join(', ')}.`] : []),
    ...(partly.length > 0 ? [`It has only parts of ${partly.join(', ')}: their modules are gone.`] : []),
  ];
  return [
    columns([['kernel', 'uname -r', 'from', 'to fetch', ''], ...table], { indent: '' }),
    '',
    wrapLines(notes.join('\n'), screenWidth(process.stdout)),
  ].join('\n');
}
