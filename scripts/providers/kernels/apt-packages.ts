import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProviderError, UsageError } from '../../errors.ts';
import { lastLines, run } from '../../host/exec.ts';
import { makePrivateFolder, writeWhole } from '../../host/files.ts';
import type { KernelSuite } from '../../model/kernels.ts';
import { sourcesFor } from './archive.ts';
import { prepareApt, sourcesFile } from './catalog.ts';
import type { DebianKernel } from './debian-kernel.ts';

/** What apt downloads for a kernel, and where. */
export interface Wanted {
  kernel: DebianKernel;
  /** Packages, each with `=VERSION` where it must be this one. */
  packages: readonly string[];
  /** A folder of its own, which gets the packages in debs/. */
  folder: string;
}

/**
 * Downloads packages, and all that they depend on but the kernel itself, from the suite of a kernel. apt verifies them by the lists
 * that were signed. Nothing is installed.
 * @throws UsageError when the archive has no such package
 */
export async function downloadWithDependencies({ kernel, packages, folder }: Wanted): Promise<void> {
  await writeWhole(statusIn(folder), statusText([{ name: `linux-image-${kernel.name}`, version: kernel.debian }]));
  const args = ['install', '--download-only', '--no-install-recommends', '--assume-yes', '-qq'];
  await aptGet({ kernel, packages, folder }, args);
}

/** Downloads packages without what they depend on. @throws UsageError when the archive has no such package */
export async function downloadAlone(wanted: Wanted): Promise<void> {
  await writeWhole(statusIn(wanted.folder), '');
  await aptGet(wanted, ['download', '-qq']);
}

/** apt puts its locks beside it. */
const statusIn = (folder: string) => join(folder, 'installed', 'status');

async function aptGet({ kernel, packages, folder }: Wanted, args: readonly string[]): Promise<void> {
  const env = await prepareApt();
  const debs = join(folder, 'debs');
  await makePrivateFolder(join(debs, 'partial'));
  const sources = join(folder, 'sources');
  const suite = kernel.suites[0] as KernelSuite;
  await writeWhole(join(sources, 'debian.sources'), `${sourcesFor(await readFile(sourcesFile(), 'utf8'), suite)}\n`);
  const folders = {
    'Dir::Etc::sourceparts': sources,
    'Dir::State::status': statusIn(folder),
    'Dir::Cache::archives': debs,
  };
  const options = Object.entries(folders).map(([key, value]) => `--option=${key}=${value}`);
  const { code, stderr } = await run('apt-get', [...args, ...options, ...packages], {
    env,
    cwd: debs,
    anyExitCode: true,
    timeoutMs: 1_800_000,
  });
  if (code === 0) return;
  const missing = missingPackage(stderr);
  if (missing) {
    throw new UsageError(`Debian’s archive has no ${missing}`, { tryThis: 'lab kernels --update' });
  }
  throw new ProviderError(`${packages[0]} could not be downloaded with what it needs`, {
    cause: /404 +Not Found/.test(stderr) ? 'Debian’s archive does not have a part of it any more' : undefined,
    tail: lastLines(stderr.replace(/^W: .*\n/gm, ''), 4),
    tryThis: 'lab kernels --update',
  });
}

/** The package of which apt says that there is none, with its version where only that is missing. */
export function missingPackage(stderr: string): string | undefined {
  const [, alone] = /E: Unable to locate package (\S+)/.exec(stderr) ?? [];
  const [, version, name] = /E: Version '([^']+)' for '([^']+)' was not found/.exec(stderr) ?? [];
  return alone ?? (name && `${name} ${version}`);
}

/** What dpkg's status file says of packages that are installed. */
export function statusText(installed: readonly { name: string; version: string }[]): string {
  return installed
    .map(({ name, version }) =>
      [
        `Package: ${name}`,
        'Status: install ok installed',
        'Maintainer: nobody',
        'Architecture: amd64',
        `Version: ${version}`,
        'Description: the kernel, which machines have',
        '',
      ].join('\n'),
    )
    .join('\n');
}

/** Kernels whose packages of this kind the archive has: those of `linux-headers-NAME`, for example. */
export async function namesWith(prefix: string): Promise<string[]> {
  const { stdout } = await run('apt-cache', ['pkgnames', prefix], { env: await prepareApt(), timeoutMs: 120_000 });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((name) => name.slice(prefix.length));
}
